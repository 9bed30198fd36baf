import { readFileSync } from 'node:fs';
import { getHeapStatistics } from 'node:v8';
import { type Finding, fail, ok, warn } from './finding.ts';

const NODE_MIN = [20, 19] as const;
const FILES_FAIL = 256;
const FILES_WARN = 4_096;
const MEBIBYTE = 1_048_576;
const MEMORY_WARN = 256 * MEBIBYTE;
const YEAR_MIN = 2025;
const YEAR_MAX = 2100;

/** What this process finds of the machine: the service, started in the same way, finds the same. */
export function checkMachine(
  env: Readonly<Record<string, string | undefined>>,
  now: number,
): readonly Finding[] {
  return [
    judgeNode(process.versions.node),
    ...judgeFiles(openFilesMax()),
    judgeMemory(getHeapStatistics().heap_size_limit, process.constrainedMemory()),
    judgeZone(env['TZ'], Intl.DateTimeFormat().resolvedOptions().timeZone),
    judgeYear(now),
  ];
}

export function judgeNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < NODE_MIN[0] || (major === NODE_MIN[0] && minor < NODE_MIN[1]);
  return isOld
    ? fail('node', `Node.js ${version} is too old`, `Use Node.js ${NODE_MIN.join('.')} or newer.`)
    : ok('node', `Node.js ${version}`);
}

/** The soft limit that a process may raise itself to; undefined where the system does not tell. */
function openFilesMax(): number | undefined {
  try {
    const line = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
    if (line === null) return undefined;
    return line[1] === 'unlimited' ? Infinity : Number(line[1]);
  } catch {
    // Linux alone has the file.
    return undefined;
  }
}

export function judgeFiles(max: number | undefined): readonly Finding[] {
  if (max === undefined) return [];
  const what = `${max} open files allowed: each connection is one`;
  const todo =
    'Raise it: LimitNOFILE= in a systemd unit, ulimit -n in a shell, --ulimit nofile of a container.';
  if (max < FILES_FAIL) return [fail('open files', what, todo)];
  return [max < FILES_WARN ? warn('open files', what, todo) : ok('open files', what)];
}

/** In bytes; `allowed` is what the container or the unit may use, 0 or a huge number when nothing says. */
export function judgeMemory(heap: number, allowed: number | undefined): Finding {
  const isBounded = allowed !== undefined && allowed > 0 && allowed < 2 ** 50;
  const what = isBounded
    ? `${toMiB(allowed)} MiB allowed, heap up to ${toMiB(heap)} MiB`
    : `no limit but the machine's; heap up to ${toMiB(heap)} MiB`;
  const least = isBounded ? Math.min(heap, allowed) : heap;
  if (least < MEMORY_WARN)
    return warn(
      'memory',
      what,
      'Give it 256 MiB or more: MemoryMax= of the unit, or the limit of the container.',
    );
  if (isBounded && heap > allowed)
    return warn(
      'memory',
      what,
      `Set NODE_OPTIONS=--max-old-space-size=${Math.floor((toMiB(allowed) * 3) / 4)}: else it is killed before it tidies up.`,
    );
  return ok('memory', what);
}

const toMiB = (bytes: number): number => Math.round(bytes / MEBIBYTE);

/** Log files change at local midnight; everything that is stored or shown is UTC. */
export function judgeZone(wanted: string | undefined, found: string): Finding {
  const isUnknown = wanted !== undefined && wanted !== '' && !isZone(wanted);
  return isUnknown
    ? warn(
        'time zone',
        `TZ names no time zone, so that it is ${found}`,
        'Set TZ to a name such as Europe/Paris, or unset it.',
      )
    : ok('time zone', `${found}: log files change at its midnight; all else is UTC`);
}

function isZone(name: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: name.replace(/^:/, '') });
    return true;
  } catch {
    // RangeError is how it says no.
    return false;
  }
}

export function judgeYear(now: number): Finding {
  const year = new Date(now).getUTCFullYear();
  const what = `the clock says ${new Date(now).toISOString()}`;
  return year < YEAR_MIN || year > YEAR_MAX
    ? fail(
        'clock',
        what,
        'Set the clock, and keep it right with NTP: signatures, leases and retention go by it.',
      )
    : ok('clock', what);
}
