import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { whyNoPostgres } from '../postgres.ts';

import { goalMet } from '../report/report.ts';
import { faults, soak, type SoakOptions } from './soak.ts';
import { soakTable } from './table.ts';

const say = (text: string): void => void process.stderr.write(`  ${text}\n`);

const USAGE = `npm run soak -- [--minutes 60] [--rate 500] [--store sqlite|postgresql] [--seed n] [--fault ${faults.join('|')}]
Exits with 1 when anything is lost, or any other goal of the table is missed.`;

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new RangeError(`--${name} must be a number above 0\n${USAGE}`);
  return value;
}

function oneOf<T extends string>(name: string, text: string, all: readonly T[]): T {
  const found = all.find((one) => one === text);
  if (found === undefined) throw new RangeError(`--${name} must be one of ${all.join(', ')}\n${USAGE}`);
  return found;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      minutes: { type: 'string', default: '60' },
      rate: { type: 'string', default: '500' },
      store: { type: 'string', default: 'sqlite' },
      seed: { type: 'string', default: String(randomInt(2 ** 31)) },
      fault: { type: 'string' },
    },
  });
  if (values.help) return void process.stdout.write(`${USAGE}\n`);
  const options: SoakOptions = {
    seconds: positive('minutes', values.minutes) * 60,
    perSecond: positive('rate', values.rate),
    store: oneOf('store', values.store, ['sqlite', 'postgresql']),
    seed: positive('seed', values.seed),
    fault: values.fault === undefined ? undefined : oneOf('fault', values.fault, faults),
    say,
  };
  const missing = options.store === 'postgresql' ? await whyNoPostgres() : undefined;
  if (missing !== undefined) throw new Error(missing);
  say(
    `${options.seconds} s at ${options.perSecond} events a second, ${options.store}, --seed ${options.seed}`,
  );
  const report = await soak(options);
  process.stdout.write(soakTable(report));
  const missed = report.rows.filter((row) => goalMet(row) === false);
  for (const {
    what,
    values: [value = NaN],
  } of missed)
    say(`MISSED: ${what}: ${value}`);
  say(missed.length === 0 ? 'every goal is met' : `to repeat the order of things: --seed ${options.seed}`);
  process.exitCode = missed.length === 0 ? 0 : 1;
}

await main();
