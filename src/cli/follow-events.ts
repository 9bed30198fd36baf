import { Check } from 'typebox/value';
import { parseUntrusted } from '../kernel/json.ts';
import type { Api, OpenedStream, Query } from './api.ts';
import type { CommandContext } from './command.ts';
import { eventSummary, type EventSummary } from './event-wire.ts';
import { listEvents } from './list-events.ts';
import { pollEvents } from './poll-events.ts';
import { failed, type Result, succeeded } from './result.ts';

const AGAIN_FIRST_MS = 2_000;
const AGAIN_MAX_MS = 30_000;
/** Replicas' clocks differ and commits overtake each other: so far back is looked for what came late. */
const OVERLAP_MS = 10_000;
const CAUGHT_UP_MAX = 1_000;
/** Ids remembered, so that an event is shown once. */
const SEEN_MAX = 20_000;

type Show = (events: readonly EventSummary[]) => void;

/**
 * Shows events that come from now on, until it is told to end or is refused. It follows the service's stream, goes on
 * after a break where it was, and asks again and again where the service is older than that.
 */
export async function followEvents(
  api: Api,
  filter: Query,
  context: Pick<CommandContext, 'pause' | 'err'>,
  show: Show,
): Promise<Result<undefined>> {
  const newest = await listEvents(api, filter, 1);
  if (!newest.ok) return newest;
  const follower = new Follower(api, filter, context, show);
  const recent = await follower.recent(newest.value.items[0]);
  if (!recent.ok) return recent;
  for (const event of recent.value) follower.know(event);
  const first = await follower.open();
  return first.kind === 'unknown' ? pollEvents(api, filter, context, show) : follower.follow(first);
}

class Follower {
  readonly #api: Api;
  readonly #filter: Query;
  readonly #context: Pick<CommandContext, 'pause' | 'err'>;
  readonly #show: Show;
  readonly #seen = new Set<string>();
  /** The event of the largest id: behind it the stream goes on. */
  #newest: EventSummary | undefined;

  constructor(api: Api, filter: Query, context: Pick<CommandContext, 'pause' | 'err'>, show: Show) {
    this.#api = api;
    this.#filter = filter;
    this.#context = context;
    this.#show = show;
  }

  open(): Promise<OpenedStream> {
    return this.#api.stream('api/v1/events/stream', this.#filter, this.#newest?.id);
  }

  async follow(first: OpenedStream): Promise<Result<undefined>> {
    let again = AGAIN_FIRST_MS;
    for (let opened = first; ; opened = await this.open()) {
      if (opened.kind === 'refused') return failed(opened.fault);
      if (opened.kind === 'unknown') return failed('The service has no stream of events any more.');
      if (opened.kind === 'open') {
        again = AGAIN_FIRST_MS;
        const broken = await this.#read(opened.messages);
        if (!broken.ok) return broken;
      } else {
        this.#context.err(`${opened.fault} Trying again.`);
        again = Math.min(AGAIN_MAX_MS, again * 2);
      }
      if (!(await this.#context.pause(again))) return succeeded(undefined);
      await this.#catchUp();
    }
  }

  /** Events around this one, which the stream may tell of or not. */
  async recent(around: EventSummary | undefined): Promise<Result<readonly EventSummary[]>> {
    if (around === undefined) return succeeded([]);
    const since = new Date(Date.parse(around.receivedAt) - OVERLAP_MS).toISOString();
    const listed = await listEvents(this.#api, { ...this.#filter, since }, CAUGHT_UP_MAX);
    return listed.ok ? succeeded(listed.value.items) : listed;
  }

  /** False when it was known before. */
  know(event: EventSummary): boolean {
    if (this.#seen.has(event.id)) return false;
    this.#seen.add(event.id);
    if (this.#seen.size > SEEN_MAX) this.#seen.delete(this.#seen.values().next().value ?? '');
    if (this.#newest === undefined || event.id > this.#newest.id) this.#newest = event;
    return true;
  }

  async #read(messages: Extract<OpenedStream, { kind: 'open' }>['messages']): Promise<Result<undefined>> {
    try {
      for await (const { event, data } of messages) {
        if (event === 'gap')
          this.#context.err('Some events were left out here: without --follow they are listed.');
        if (event !== 'message') continue;
        const told = parseUntrusted(data);
        if (!told.ok || !Check(eventSummary, told.value))
          return failed('The stream tells of something that is no event: is the service much newer?');
        if (this.know(told.value)) this.#show([told.value]);
      }
    } catch {
      // The connection broke: what was missed is asked for when it is there again.
    }
    return succeeded(undefined);
  }

  /** What came late, while nobody listened, does not come behind the last one. */
  async #catchUp(): Promise<void> {
    const recent = await this.recent(this.#newest);
    if (!recent.ok) return;
    const newest = this.#newest?.id ?? '';
    const late = recent.value.filter((event) => event.id < newest && this.know(event));
    if (late.length > 0) this.#show(late.toReversed());
  }
}
