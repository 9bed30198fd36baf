import { parseArgs } from 'node:util';
import type { Benchmark, BenchOptions } from './benchmark.ts';
import { compare } from './report/compare.ts';
import { awsScans } from './aws-scan.ts';
import { endToEndBenchmarks } from './end-to-end.ts';
import { incidentBenchmarks } from './incidents.ts';
import { ingestBenchmarks } from './ingest.ts';
import { linksAndLists } from './links-and-lists.ts';
import { describeMachine } from './report/machine.ts';
import { reportTable } from './report/markdown.ts';
import { alertmanager } from './peers/alertmanager.ts';
import { original } from './peers/original/original.ts';
import type { Report } from './report/report.ts';
import { writeResults } from './report/results.ts';

const benchmarks: readonly Benchmark[] = [
  ...ingestBenchmarks,
  ...endToEndBenchmarks,
  alertmanager,
  original,
  linksAndLists,
  ...incidentBenchmarks,
  ...awsScans,
];

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const say = (text: string): void => void process.stderr.write(`  ${text}\n`);

function usage(): string {
  const list = benchmarks.map(({ name, title }) => `  ${name.padEnd(26)}${title}`);
  const options = '[names…] [--seconds 5] [--rounds 3] [--connections 64]';
  return [
    `npm run bench -- ${options}`,
    'The beginning of a name takes all that begin so. Without a name: all.',
    ...list,
  ].join('\n');
}

function choose(names: readonly string[]): Benchmark[] {
  if (names.length === 0) return [...benchmarks];
  const unknown = names.find((name) => !benchmarks.some((benchmark) => benchmark.name.startsWith(name)));
  if (unknown !== undefined) throw new RangeError(`no benchmark is called ${unknown}\n${usage()}`);
  const exact = (name: string): boolean => benchmarks.some((benchmark) => benchmark.name === name);
  return benchmarks.filter((benchmark) =>
    names.some((name) => benchmark.name === name || (!exact(name) && benchmark.name.startsWith(name))),
  );
}

function atLeastOne(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`--${name} must be a whole number from 1`);
  return value;
}

/** What fails costs its own figures only: the others are still taken and written, and the command exits with 1. */
async function attempt(benchmark: Benchmark, options: BenchOptions): Promise<Report> {
  const { name, title } = benchmark;
  try {
    return await benchmark.run(options);
  } catch (error) {
    process.exitCode = 1;
    const reason = error instanceof Error ? error.message : String(error);
    return { name, title, rows: [], notes: [`failed: ${reason}`] };
  }
}

async function runAll(chosen: readonly Benchmark[], options: BenchOptions): Promise<Report[]> {
  const reports: Report[] = [];
  for (const benchmark of chosen) {
    say(`${benchmark.name}: ${benchmark.title}`);
    const report = await attempt(benchmark, options);
    print(reportTable(report));
    reports.push(report);
  }
  const comparison = compare(reports);
  if (comparison) print(reportTable(comparison));
  return comparison ? [...reports, comparison] : reports;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', default: false },
      seconds: { type: 'string', default: '5' },
      rounds: { type: 'string', default: '3' },
      connections: { type: 'string', default: '64' },
    },
  });
  if (values.help) return print(usage());
  const chosen = choose(positionals);
  const options = {
    seconds: atLeastOne('seconds', values.seconds),
    rounds: atLeastOne('rounds', values.rounds),
    connections: atLeastOne('connections', values.connections),
  };
  const machine = describeMachine();
  const at = new Date().toISOString();
  const reports = await runAll(chosen, { ...options, say });
  const methods = chosen.map(({ name, method }) => ({ name, method }));
  const name = chosen.length === benchmarks.length ? 'all' : positionals.join('+');
  for (const path of writeResults(name, { at, machine, options, methods, reports })) say(path);
}

await main();
