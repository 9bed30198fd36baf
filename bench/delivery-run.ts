import { RowBook, type BenchOptions } from './benchmark.ts';
import { Histogram, type LatencySummary } from './generator/histogram.ts';
import { closedLoop, load, nextRun, openLoop } from './load.ts';
import type { LoadResult } from './generator/load-plan.ts';
import { processUsage } from './process-usage.ts';
import { Receiver } from './receiver.ts';
import { atMost, type Goal, type Row } from './report/report.ts';
import type { RequestShapeName } from './generator/requests.ts';
import type { SinkReport } from './sink-report.ts';
import { onStage, type Stage } from './stage.ts';

/** What takes requests in and sends deliveries to the receiver. */
export interface DeliverySubject {
  readonly port: number;
  readonly pid: number;
  readonly shape: RequestShapeName;
  /** More than it accepts in a second, to size the prepared load. */
  readonly perSecondMax: number;
}

interface DeliveryResult {
  readonly acceptedPerSecond: number;
  /** Arrivals at the sink within the measured time. */
  readonly deliveredPerSecond: number;
  /** From the intended send time of the webhook to its arrival at the sink, ms; requests of the measured time. */
  readonly latency: LatencySummary;
  /** From the end of the measured time to the last arrival. */
  readonly drainSeconds: number;
  /** Accepted and never delivered. */
  readonly lost: number;
  readonly duplicates: number;
  readonly refused: number;
  readonly rssMb: number;
}

/** Sends load through the subject and joins what left the generator with what came to the sink. */
async function deliveryRun(
  subject: DeliverySubject,
  receiver: Receiver,
  kind: { readonly openPerSecond?: number },
  options: BenchOptions,
): Promise<DeliveryResult> {
  const { seconds, connections } = options;
  const pace =
    kind.openPerSecond === undefined
      ? closedLoop(seconds, subject.perSecondMax)
      : openLoop(kind.openPerSecond);
  const run = nextRun();
  await receiver.begin(run, 1_000_000);
  const result = await load({ port: subject.port, shape: subject.shape, run, seconds, connections, pace });
  const { rssMb } = processUsage(subject.pid);
  return join(result, await receiver.drained(result.accepted), rssMb);
}

function join(load: LoadResult, sink: SinkReport, rssMb: number): DeliveryResult {
  const latency = new Histogram();
  let [lost, inTime, lastAt] = [0, 0, load.measuredTo];
  for (const [sequence, acceptedAt] of load.acceptedAt.entries()) {
    const receivedAt = sink.receivedAt[sequence] ?? NaN;
    if (receivedAt >= load.measuredFrom && receivedAt < load.measuredTo) inTime += 1;
    if (receivedAt > lastAt) lastAt = receivedAt;
    if (Number.isNaN(acceptedAt)) continue;
    if (Number.isNaN(receivedAt)) lost += 1;
    else if (acceptedAt >= load.measuredFrom) latency.record(receivedAt - acceptedAt);
  }
  return {
    acceptedPerSecond: load.perSecond,
    deliveredPerSecond: (inTime * 1e3) / (load.measuredTo - load.measuredFrom),
    latency: latency.summary(),
    drainSeconds: (lastAt - load.measuredTo) / 1e3,
    lost,
    duplicates: sink.deliveries - sink.events,
    refused: load.sent - load.accepted,
    rssMb,
  };
}

export interface DeliveryGoals {
  readonly openP99Ms?: number;
  readonly rssMb?: number;
}

const OPEN_PER_SECOND = 1_000;

/**
 * Each round starts the subject afresh, so that none is slowed down by what an earlier round left behind; first
 * open loop at 1,000/s, then as fast as it goes.
 */
export function deliveryRounds(
  name: string,
  start: (stage: Stage, sinkPort: number) => Promise<DeliverySubject>,
  options: BenchOptions,
  goals: DeliveryGoals = {},
): Promise<Row[]> {
  return onStage(async (stage) => {
    const book = new RowBook(name);
    const receiver = stage.use(await Receiver.start());
    for (let round = 1; round <= options.rounds; round++) {
      options.say(`round ${round} of ${options.rounds}`);
      await onStage(async (roundStage) => {
        const subject = await start(roundStage, receiver.port);
        const open = await deliveryRun(subject, receiver, { openPerSecond: OPEN_PER_SECOND }, options);
        const closed = await deliveryRun(subject, receiver, {}, options);
        addRound(book, open, closed, goals);
      });
    }
    return book.rows();
  });
}

function addRound(book: RowBook, open: DeliveryResult, closed: DeliveryResult, goals: DeliveryGoals): void {
  const goal = (value: number | undefined): Goal | undefined =>
    value === undefined ? undefined : atMost(value);
  book.add('open.p50', 'end to end p50, open loop 1,000/s', 'ms', open.latency.p50);
  book.add('open.p99', 'end to end p99, open loop 1,000/s', 'ms', open.latency.p99, goal(goals.openP99Ms));
  book.add('accepted', 'accepted, closed loop', '1/s', closed.acceptedPerSecond);
  book.add('delivered', 'delivered meanwhile, closed loop', '1/s', closed.deliveredPerSecond);
  book.add('closed.p50', 'end to end p50, closed loop', 'ms', closed.latency.p50);
  book.add('closed.p99', 'end to end p99, closed loop', 'ms', closed.latency.p99);
  book.add('drain', 'until the last delivery, after the load', 's', closed.drainSeconds);
  book.add('rss', 'resident memory after the load', 'MB', closed.rssMb, goal(goals.rssMb));
  book.add('lost', 'accepted and never delivered', 'events', open.lost + closed.lost, atMost(0));
  book.add('duplicates', 'delivered more than once', 'events', open.duplicates + closed.duplicates);
  book.add('refused', 'not answered 200', 'requests', open.refused + closed.refused, atMost(0));
}
