import { atMost, type Goal, type Report, type Row } from '../report/report.ts';
import type { Senders } from './senders.ts';
import { growthOf, keptGrowthOf } from './growth.ts';
import { concurrencyOf, laneName, laneOf, LOG_TARGET } from './lanes.ts';
import type { Ledger } from './ledger.ts';
import type { Life } from './lives.ts';
import type { Stored } from './stored.ts';

export interface Found {
  readonly ledger: Ledger;
  readonly stored: Stored;
  readonly lives: readonly Life[];
  readonly senders: Pick<Senders, 'answers' | 'requests' | 'repeats' | 'heldBackSeconds'>;
  readonly gaps: number;
  readonly operatorTroubles: readonly string[];
  readonly operatorsAsked: number;
  readonly walMb: number;
  readonly tornLines: number;
  readonly drainSeconds: number;
  readonly seconds: number;
  readonly perSecond: number;
}

/** SQLite's log is cut back at every checkpoint; a reader in the way delays that. */
const WAL_MB_MAX = 256;
const FILES_GROWN_MAX = 64;
const EXAMPLES = 5;

/** Everything counted by id, and what it is held against; a row that misses its goal fails the soak. */
export function verdict(name: string, found: Found): Report {
  const { rows, notes } = new Verdict(found);
  return { name, title: 'what became of every event', rows, notes };
}

class Verdict {
  readonly #found: Found;
  readonly rows: Row[] = [];
  readonly notes: string[] = [];

  constructor(found: Found) {
    this.#found = found;
    this.#load();
    this.#kept();
    this.#delivered();
    this.#repeated();
    this.#watched();
    this.#resources();
  }

  #row(key: string, what: string, unit: string, value: number, goal?: Goal): void {
    this.rows.push({ key, what, unit, values: [value], ...(goal ? { goal } : {}) });
  }

  /** Of all events that have it, none may. */
  #none(key: string, what: string, has: (n: number) => boolean): void {
    const found: number[] = [];
    for (let n = 0; n < this.#found.ledger.sent; n++) if (has(n)) found.push(n);
    this.#row(key, what, 'events', found.length, atMost(0));
    const examples = found.slice(0, EXAMPLES).map((n) => `soak-${n}- (${laneName(laneOf(n))})`);
    if (found.length > 0) this.notes.push(`${what}: ${examples.join(', ')}`);
  }

  #load(): void {
    const { ledger, senders, seconds, perSecond, drainSeconds } = this.#found;
    this.#row('sent', 'events sent', 'events', ledger.sent);
    this.#row('rate', `events sent a second, of ${perSecond} asked for`, '1/s', ledger.sent / seconds);
    this.#row('held', 'load held back because too much waited', 's', senders.heldBackSeconds);
    this.#row('requests', 'requests, resends and repeats in them', 'requests', senders.requests);
    this.#row('again', 'requests sent again though taken', 'requests', senders.repeats);
    const strange = [...senders.answers].filter(([status]) => ![0, 200, 202, 503].includes(status));
    const wrong = strange.reduce((sum, [, count]) => sum + count, 0);
    this.#row('wrong', 'answers but 2xx and 503', 'requests', wrong, atMost(0));
    this.notes.push(
      `answers: ${[...senders.answers].map(([status, count]) => `${status === 0 ? 'none' : status} ${count}`).join(', ')}`,
    );
    this.#row('drain', 'from the end of the load to the last delivery', 's', drainSeconds);
  }

  #kept(): void {
    const { ledger, stored } = this.#found;
    this.#row('acknowledged', 'events acknowledged', 'events', ledger.acknowledged);
    this.#none(
      'lost.store',
      'acknowledged and not in the store',
      (n) => ledger.isAcknowledged(n) && stored.events[n] === 0,
    );
    this.#none('twice.store', 'in the store more than once', (n) => (stored.events[n] ?? 0) > 1);
    this.#none(
      'deliveries',
      'in the store without its two deliveries',
      (n) => stored.events[n] === 1 && stored.deliveries[n] !== 2,
    );
  }

  #delivered(): void {
    const { ledger, stored } = this.#found;
    const mustArrive = (n: number): boolean => ledger.isAcknowledged(n) && !ledger.isRefused(n);
    this.#none(
      'lost.target',
      'acknowledged and never arrived at its target',
      (n) => mustArrive(n) && ledger.takenBy(n) === undefined,
    );
    this.#none(
      'lost.log',
      'acknowledged and never in the log file',
      (n) => ledger.isAcknowledged(n) && !ledger.isLogged(n),
    );
    this.#none('astray', 'arrived where no rule sends it', (n) => isAstray(ledger, n));
    this.#none(
      'given-up',
      'given up though nobody refused it',
      (n) => stored.dead.has(n) && !ledger.isRefused(n),
    );
    this.#none(
      'not-given-up',
      'refused for good and not a dead letter',
      (n) => ledger.isRefused(n) && !stored.dead.has(n),
    );
    this.#row('dead', 'dead letters', 'events', stored.dead.size);
    this.#row('pending', 'deliveries still pending', 'deliveries', stored.pending, atMost(0));
    this.#row('skipped', 'skipped while their target was disabled', 'deliveries', stored.skipped);
    this.#row('left', '… and not replayed afterwards', 'deliveries', stored.leftSkipped, atMost(0));
    this.#row('unknown', 'arrived and never sent', 'messages', ledger.unknown, atMost(0));
  }

  #repeated(): void {
    const { ledger, lives, tornLines } = this.#found;
    const killed = lives.filter(({ end }) => end === 'SIGKILL').map(({ number }) => number);
    const because = ledger.repeats.filter(({ before, again }) => again > before && killed.includes(before));
    this.#row('repeats', 'taken twice, after a kill', 'deliveries', because.length);
    const others = ledger.repeats.length - because.length;
    this.#row('repeats.other', 'taken twice for no kill', 'deliveries', others, atMost(0));
    const most = new Map<string, { target: string; times: number }>();
    for (const { target, before } of because) {
      const pair = `${target} after life ${before}`;
      most.set(pair, { target, times: (most.get(pair)?.times ?? 0) + 1 });
    }
    const over = [...most].filter(([, { target, times }]) => times > concurrencyOf(target));
    this.#row(
      'repeats.most',
      '… more than were in flight, by target and kill',
      'times',
      over.length,
      atMost(0),
    );
    for (const [pair, { times }] of over) this.notes.push(`taken twice: ${times} times at ${pair}`);
    const linesMost = killed.length * concurrencyOf(LOG_TARGET);
    this.#row('repeats.log', 'lines in the log file again', 'lines', ledger.loggedAgain, atMost(linesMost));
    this.#row('torn', 'lines in the log file that are none', 'lines', tornLines, atMost(killed.length));
  }

  #watched(): void {
    const { ledger, gaps, operatorsAsked, operatorTroubles } = this.#found;
    this.#none(
      'unseen',
      'acknowledged and not told to the follower',
      (n) => ledger.isAcknowledged(n) && !ledger.isStreamed(n),
    );
    this.#row('gaps', 'gaps that the follower was told of and filled', 'times', gaps);
    this.#row('asked', "operators' questions meanwhile", 'requests', operatorsAsked);
    this.#row(
      'asked.bad',
      '… answered badly while it was up',
      'requests',
      operatorTroubles.length,
      atMost(0),
    );
    if (operatorTroubles.length > 0) this.notes.push(operatorTroubles.slice(0, EXAMPLES).join(', '));
  }

  #resources(): void {
    const { lives, walMb } = this.#found;
    const ended = (how: string): number => lives.filter(({ end }) => end === how).length;
    this.#row('kills', 'kills; and stops in order', 'times', ended('SIGKILL'));
    this.#row('stops', 'stops in order, the last with them', 'times', ended('SIGTERM'));
    this.#row('ready', 'longest start to ready', 'ms', Math.max(...lives.map(({ readyMs }) => readyMs)));
    this.#memory();
    const samples = lives.flatMap((life) => life.samples);
    const lags = samples.map(({ lagMs }) => lagMs).sort((a, b) => a - b);
    this.#row('lag', "main thread's lag, median of each second's p99", 'ms', lags[lags.length >> 1] ?? NaN);
    this.#row(
      'lag.worst',
      '… the worst second but one in a hundred',
      'ms',
      lags[Math.floor(lags.length * 0.99)] ?? NaN,
    );
    const grown = lives.map(({ samples: own }) => filesGrown(own.map(({ files }) => files)));
    this.#row(
      'files',
      'descriptors grown in the second half of a life',
      'files',
      Math.max(0, ...grown),
      atMost(FILES_GROWN_MAX),
    );
    if (walMb > 0)
      this.#row('wal', "SQLite's write-ahead log at its biggest", 'MB', walMb, atMost(WAL_MB_MAX));
  }

  #memory(): void {
    const { lives } = this.#found;
    const grown = lives.map(growthOf).filter((growth) => growth !== undefined);
    for (const { life, seconds, grownMb, mostMb } of grown) {
      const what = `resident memory grown in the second half of life ${life} (${Math.round(seconds)} s)`;
      this.#row(`memory.${life}`, what, 'MB', grownMb, atMost(mostMb));
    }
    const kept = lives.map(keptGrowthOf).filter((growth) => growth !== undefined);
    for (const { life, seconds, grownMb, mostMb } of kept) {
      const what = `kept after a collection, more in the second half of life ${life} (${Math.round(seconds)} s)`;
      this.#row(`kept.${life}`, what, 'MB', grownMb, atMost(mostMb));
    }
    if (grown.length === 0)
      this.notes.push('no life was long enough to judge its resident memory (10 minutes)');
    if (kept.length === 0) this.notes.push('no life was long enough to judge what it kept');
    const peak = Math.max(...lives.flatMap(({ samples }) => samples.map(({ rssMb }) => rssMb)));
    this.#row('rss', 'resident memory at its biggest', 'MB', peak);
    const heaps = lives.flatMap(({ samples }) => samples.flatMap(({ heapMb }) => heapMb ?? []));
    if (heaps.length === 0) return;
    this.#row('heap.first', 'heap after a collection, at first', 'MB', heaps[0] ?? NaN);
    this.#row('heap.last', 'heap after a collection, at last', 'MB', heaps.at(-1) ?? NaN);
  }
}

/** Events of `moving` may be at either of two; all others at their own. */
function isAstray(ledger: Ledger, n: number): boolean {
  if (ledger.astray.has(n)) return true;
  const by = ledger.takenBy(n);
  if (by === undefined) return false;
  const lane = laneName(laneOf(n));
  return lane === 'moving' ? by !== 'steady' && by !== 'other' : by !== lane;
}

/** By how much the most of the last quarter is above the most of the third. */
function filesGrown(files: readonly number[]): number {
  const quarter = Math.floor(files.length / 4);
  if (quarter < 5) return 0;
  return Math.max(...files.slice(-quarter)) - Math.max(...files.slice(-2 * quarter, -quarter));
}
