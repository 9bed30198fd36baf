import { readdirSync, readFileSync } from 'node:fs';

/** What a process and its children use, by /proc (Linux). */
export interface ProcessUsage {
  /** Resident memory now, MB (10^6 bytes), summed over the processes. */
  readonly rssMb: number;
  /** CPU time since their start, ms, in steps of 10. */
  readonly cpuMs: number;
}

/** Linux has reported times to user space in hundredths of a second on every common architecture. */
const MS_PER_TICK = 10;

export function processUsage(pid: number): ProcessUsage {
  const usages = [pid, ...childrenOf(pid)].map(usageOfOne);
  return {
    rssMb: usages.reduce((sum, usage) => sum + usage.rssMb, 0),
    cpuMs: usages.reduce((sum, usage) => sum + usage.cpuMs, 0),
  };
}

function usageOfOne(pid: number): ProcessUsage {
  const status = readText(`/proc/${pid}/status`);
  const fields = statFields(pid);
  return {
    rssMb: (Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024) / 1e6,
    cpuMs: (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * MS_PER_TICK,
  };
}

function childrenOf(pid: number): number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const direct = all.filter((name) => statFields(Number(name))[1] === String(pid)).map(Number);
  return direct.flatMap((child) => [child, ...childrenOf(child)]);
}

/** The fields of proc(5) `stat` after the name (which may hold spaces): state, parent, …; [11] and [12] are the times. */
function statFields(pid: number): string[] {
  const text = readText(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The process ended between the listing and the reading: it uses nothing any more.
    return '';
  }
}
