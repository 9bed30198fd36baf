import { readFileSync, existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase } from '../postgres.ts';
import { freePort } from '../program.ts';
import type { Report } from '../report/report.ts';
import { onStage, type Stage } from '../stage.ts';
import { TempDir } from '../temp-dir.ts';
import { ask, itemsIn, memberOf } from './ask.ts';
import { Chaos } from './chaos.ts';
import { seeded } from './draw.ts';
import { Follower } from './follower.ts';
import { configText, type Places, targets } from './lanes.ts';
import { Ledger } from './ledger.ts';
import { Lives } from './lives.ts';
import { Operators } from './operators.ts';
import { Receivers } from './receivers.ts';
import { Senders } from './senders.ts';
import { numberIn } from './shots.ts';
import { readStored } from './stored.ts';
import { verdict } from './verdict.ts';

/** Faults that can be planted, to see that the soak finds each. */
export const faults = ['acknowledges-early', 'loses', 'repeats', 'leaks'] as const;

export interface SoakOptions {
  readonly seconds: number;
  readonly perSecond: number;
  readonly store: 'sqlite' | 'postgresql';
  readonly seed: number;
  readonly fault: (typeof faults)[number] | undefined;
  readonly say: (text: string) => void;
}

const DRAIN_MS_MAX = 300_000;
const LOOK_EVERY_MS = 1_000;
/** What the log of the service may say about the receivers' trouble is not read; what it says of its own is shown. */
const LOG_TAIL_CHARS = 2_000;

/** Plays the whole of it, and counts. */
export function soak(options: SoakOptions): Promise<Report> {
  return onStage(async (stage) => {
    const set = await setUp(stage, options);
    await play(set, options);
    return judge(set, options);
  });
}

async function setUp(stage: Stage, options: SoakOptions) {
  const { seconds, perSecond, store, seed, fault } = options;
  const dir = stage.use(new TempDir());
  const database = store === 'postgresql' ? stage.use(await createDatabase()) : undefined;
  const databaseUrl = database?.url;
  const ledger = new Ledger(Math.ceil(seconds * perSecond * 1.01) + 100, targets);
  const lives = stage.use(new Lives({ dir, port: await freePort(), databaseUrl, fault }));
  const life = (): number => lives.number;
  const downPort = await freePort();
  const receivers = stage.use(
    await Receivers.start({ ledger, draw: seeded(seed + 1), life, fault, downPort }),
  );
  const { httpPort, mailPort } = receivers;
  const places: Places = { httpPort, downPort, mailPort, logFile: dir.file('events.jsonl') };
  lives.configure(configText(places, 'steady'));
  await lives.start();
  const senders = stage.use(
    new Senders(Number(new URL(lives.url).port), ledger, seeded(seed + 2), perSecond),
  );
  const follower = new Follower(lives, ledger);
  const operators = new Operators(lives);
  const { say } = options;
  const chaos = new Chaos({ lives, receivers, follower, places, draw: seeded(seed + 3), seconds, say });
  return {
    dir,
    databaseUrl,
    ledger,
    lives,
    receivers,
    places,
    senders,
    follower,
    operators,
    chaos,
    drainMs: 0,
  };
}
type Set = Awaited<ReturnType<typeof setUp>>;

async function play(set: Set, { seconds, say }: SoakOptions): Promise<void> {
  const { lives, receivers, senders, follower, operators, chaos } = set;
  const looking = setInterval(() => lives.look(), LOOK_EVERY_MS);
  const following = follower.run();
  const asking = operators.run();
  const storm = chaos.run();
  await senders.run(seconds);
  chaos.end();
  await storm;
  operators.end();
  await asking;
  await receivers.heal();
  say('the load is over and the receivers are well; waiting for the last deliveries');
  const startedAt = performance.now();
  await drain(lives);
  set.drainMs = performance.now() - startedAt;
  await sleep(LOOK_EVERY_MS * 2);
  await follower.end();
  await following;
  await lives.end('SIGTERM');
  clearInterval(looking);
}

/** Sends again to everybody, replays what was skipped, and waits until nothing is on its way. */
async function drain(lives: Lives): Promise<void> {
  await ask(`${lives.url}/api/v1/targets/switched/enable`, 'POST');
  for (const target of targets) await ask(`${lives.url}/api/v1/targets/${target}/resume`, 'POST');
  for (;;) {
    const { json } = await ask(`${lives.url}/api/v1/replay`, 'POST', { status: 'skipped' });
    if (memberOf(json, 'replayed') === 0) break;
    if (typeof memberOf(json, 'replayed') !== 'number') throw new Error('the replay was refused');
  }
  const until = performance.now() + DRAIN_MS_MAX;
  while (performance.now() < until) {
    const { status, json } = await ask(`${lives.url}/api/v1/deliveries?status=pending&limit=1`);
    if (status === 200 && itemsIn(json).length === 0) return;
    await sleep(LOOK_EVERY_MS / 4);
  }
}

async function judge(set: Set, { seconds, perSecond, store, say }: SoakOptions): Promise<Report> {
  const { dir, databaseUrl, ledger, lives, places, senders, follower, operators, chaos } = set;
  say('counting');
  const tornLines = [...chaos.rotated, places.logFile].reduce((sum, file) => sum + readLog(file, ledger), 0);
  const stored = await readStored({ dataDirectory: dir.file('data'), databaseUrl }, ledger.capacity);
  const report = verdict(`soak-${store}`, {
    ledger,
    stored,
    senders,
    seconds,
    perSecond,
    tornLines,
    lives: lives.all,
    gaps: follower.gaps,
    operatorsAsked: operators.asked,
    operatorTroubles: operators.troubles,
    walMb: lives.walMb,
    drainSeconds: set.drainMs / 1e3,
  });
  const acts = Object.entries(chaos.counts).map(([act, count]) => `${act} ${count}`);
  const errors = ownErrors(dir.file('output.log'));
  return {
    ...report,
    notes: [
      `what befell it: ${acts.join(', ')}; the follower came ${follower.connections} times`,
      ...report.notes,
      ...(errors === '' ? [] : [`errors in its log: ${errors}`]),
    ],
  };
}

/** Marks what stands in the file; gives the number of lines that are no JSON. */
function readLog(file: string, ledger: Ledger): number {
  if (!existsSync(file)) return 0;
  let torn = 0;
  for (const line of readFileSync(file).toString('latin1').split('\n')) {
    if (line === '') continue;
    if (line.startsWith('{') && line.endsWith('}')) ledger.log(numberIn(line));
    else torn += 1;
  }
  return torn;
}

/** The ends of the lines that the service logged as errors. */
function ownErrors(file: string): string {
  const lines = readFileSync(file, 'utf8').split('\n');
  const errors = lines.filter((line) => /"log\.level":"(?:error|fatal)"/.test(line));
  return errors.length === 0 ? '' : `${errors.length}: ${errors.join(' ').slice(0, LOG_TAIL_CHARS)}`;
}
