import { parseArgs } from 'node:util';
import { runDemo } from './demo.ts';

const USAGE = 'usage: npm run demo [-- --seconds <number>]';
const SECONDS_MAX = 86_400;
/** Of a line that no terminal shows. */
const COLUMNS = 140;

/** The `--seconds` of the command line; undefined when it is not understood, Infinity when it is not there. */
function readSeconds(args: readonly string[]): number | undefined {
  try {
    const { values } = parseArgs({ args: [...args], options: { seconds: { type: 'string' } } });
    if (values.seconds === undefined) return Infinity;
    const seconds = Number(values.seconds);
    return seconds > 0 && seconds <= SECONDS_MAX ? seconds : undefined;
  } catch {
    // Not an option that there is: answered with the usage.
    return undefined;
  }
}

async function main(): Promise<number> {
  const seconds = readSeconds(process.argv.slice(2));
  if (seconds === undefined) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const end = new AbortController();
  const { stdout } = process;
  // Whoever reads the console went away: there is nobody left to show it to.
  stdout.on('error', () => end.abort());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // The second one means it; the handlers of `exit` leave nothing behind.
      if (end.signal.aborted) process.exit(1);
      end.abort();
    });
  }
  if (Number.isFinite(seconds)) setTimeout(() => end.abort(), seconds * 1_000).unref();
  const isGood = await runDemo(
    {
      write: (text) => void stdout.write(text),
      columns: () => (stdout.isTTY ? stdout.columns : COLUMNS),
      colors: stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '',
    },
    end.signal,
  );
  return isGood ? 0 : 1;
}

process.exitCode = await main();
