import { clientKey } from '../access/rate-limit.ts';
import type { Clock } from '../kernel/clock.ts';
import { Problem } from '../kernel/problem.ts';
import type { Ephemeral } from '../storage/ephemeral/port.ts';
import { WaitingLine } from './waiting-line.ts';

/** Who brings a claim token. */
export interface Claimant {
  readonly address: string;
  /** The connection was closed: nobody would get the answer. */
  readonly isGone: () => boolean;
}

interface Client {
  readonly line: WaitingLine;
  /** The last few wrong keys, oldest first. */
  wrongs: readonly Wrong[];
}

interface Wrong {
  readonly message: string;
  /** Unix ms. */
  readonly at: number;
}

/** What is claimed now, or was claimed wrongly of late. */
interface Door {
  readonly line: WaitingLine;
  /** Claims that compare now. */
  inside: number;
  /** The minute that `wrongs` counts, since the epoch. */
  minute: number;
  wrongs: number;
  /** Claims are spaced until then; Unix ms. */
  guardedUntil: number;
}

const MINUTE_MS = 60_000;
/** Wrong keys a minute after which a client waits after each further one. */
const SLOW_AFTER = 10;
const SLOW_MS = 2_000;
/** Wrong keys a minute, of all clients together, after which a message's claims are spaced. */
const GUARD_AFTER = 100;
const APART_MS = 200;
/** Claims of one client that wait; with `SLOW_MS` between them few, as each holds a connection. */
const PLACES = 500;
const PLACES_SLOW = 10;
const PLACES_AT_DOOR = 1_000;
/** Remembered at once; what was used longest ago makes room. */
const CLIENTS_MAX = 20_000;
const DOORS_MAX = 10_000;
/** A counter that takes longer is gone without. */
const COUNT_MS = 1_000;

/**
 * Lets claims come to be compared, each when its turn comes, so that keys cannot be guessed in bulk and nobody else is
 * held up by who tries. One client's claims go one after another; with too many wrong ones it waits before each further
 * one, and goes on with the messages of which it was not wrong: behind one address there may be many people. A message of which too many claims are wrong, over all clients and replicas, is claimed at intervals: first by
 * those that were wrong longest ago or never. As a client has one place there, the holder of the right key waits
 * behind at most one try of each other client, of a thousand that wait at most. No claim that was wrong changes the
 * message.
 */
export class ClaimGate {
  readonly #clock: Clock;
  readonly #ephemeral: Pick<Ephemeral, 'increment'>;
  /** Both in the order of use. */
  readonly #clients = new Map<string, Client>();
  readonly #doors = new Map<string, Door>();
  #isStopped = false;

  constructor(clock: Clock, ephemeral: Pick<Ephemeral, 'increment'>) {
    this.#clock = clock;
    this.#ephemeral = ephemeral;
  }

  /**
   * The outcome of `compare`, called when the claim's turn has come. Problems: too_many_requests when too many claims
   * of the client wait already, stopping. `message`: any name of it, the same on every replica.
   */
  async pass<T>(
    { address, isGone }: Claimant,
    message: string,
    compare: () => Promise<T>,
    isWrong: (outcome: T) => boolean,
  ): Promise<T> {
    if (this.#isStopped) throw stopping();
    const key = clientKey(address);
    const client = touch(this.#clients, key, CLIENTS_MAX, isIdle, () => this.#newClient());
    const entered = client.line.enter(() => lastWrongAt(client, message));
    client.line.keep(this.#placesOf(client), crowded);
    await entered;
    let isSlowed = false;
    try {
      if (isGone()) throw nobodyThere();
      const door = touch(this.#doors, message, DOORS_MAX, isClosed, () => this.#newDoor());
      const outcome = await this.#atDoor(client, door, isGone, compare, isWrong);
      if (isWrong(outcome)) {
        isSlowed = this.#noteClient(client, message);
        await this.#countWithOthers(message, door);
      } else if (door.wrongs === 0 && isClosed(door)) this.#doors.delete(message);
      return outcome;
    } finally {
      client.line.leave(isSlowed ? SLOW_MS : 0);
      if (isSlowed) client.line.keep(PLACES_SLOW, crowded);
      if (client.wrongs.length === 0 && client.line.isEmpty) this.#clients.delete(key);
    }
  }

  /** Refuses those that wait, and whoever comes from now on. */
  stop(): void {
    this.#isStopped = true;
    for (const { line } of [...this.#clients.values(), ...this.#doors.values()]) line.keep(0, stopping);
  }

  /** What is remembered: for tests of what keeps it bounded. */
  get remembered(): { readonly clients: number; readonly messages: number } {
    return { clients: this.#clients.size, messages: this.#doors.size };
  }

  async #atDoor<T>(
    client: Client,
    door: Door,
    isGone: () => boolean,
    compare: () => Promise<T>,
    isWrong: (outcome: T) => boolean,
  ): Promise<T> {
    const isCalm = !this.#isGuarded(door) && this.#wrongsOf(door) + door.inside < GUARD_AFTER;
    if (!isCalm) await this.#enterDoor(client, door, isGone);
    door.inside += 1;
    try {
      const outcome = await compare();
      if (isWrong(outcome)) this.#noteWrongs(door, this.#wrongsOf(door) + 1);
      return outcome;
    } finally {
      door.inside -= 1;
      if (!isCalm) door.line.leave(this.#isGuarded(door) ? APART_MS : 0);
    }
  }

  async #enterDoor(client: Client, { line }: Door, isGone: () => boolean): Promise<void> {
    const entered = line.enter(() => client.wrongs.at(-1)?.at ?? 0);
    line.keep(PLACES_AT_DOOR, crowded);
    await entered;
    if (!isGone()) return;
    line.leave(0);
    throw nobodyThere();
  }

  /** Whether the client waits before its next claim. */
  #noteClient(client: Client, message: string): boolean {
    const now = this.#clock.now();
    client.wrongs = [...client.wrongs.slice(-SLOW_AFTER), { message, at: now }];
    return isSlow(client, now);
  }

  #noteWrongs(door: Door, wrongs: number): void {
    door.minute = this.#minute();
    door.wrongs = wrongs;
    // Over the next minute too: its first hundred tries would be free otherwise.
    if (wrongs >= GUARD_AFTER) door.guardedUntil = (door.minute + 2) * MINUTE_MS;
  }

  /** Without the other replicas' count it goes by what this process sees. */
  async #countWithOthers(message: string, door: Door): Promise<void> {
    const minute = this.#minute();
    const counted = await this.#count(`messages/wrong/${message}/${minute}`);
    if (minute === this.#minute() && counted > this.#wrongsOf(door)) this.#noteWrongs(door, counted);
  }

  /** 0 where the counter is out of reach, or takes too long: claims go on without it. */
  async #count(key: string): Promise<number> {
    let cancel = (): void => {};
    const late = new Promise<number>((resolve) => {
      cancel = this.#clock.after(COUNT_MS, () => resolve(0));
    });
    try {
      return await Promise.race([this.#ephemeral.increment(key, 1, 2 * MINUTE_MS), late]);
    } catch {
      return 0;
    } finally {
      cancel();
    }
  }

  #placesOf(client: Client): number {
    return isSlow(client, this.#clock.now()) ? PLACES_SLOW : PLACES;
  }

  #isGuarded(door: Door): boolean {
    return door.guardedUntil > this.#clock.now();
  }

  #wrongsOf(door: Door): number {
    return door.minute === this.#minute() ? door.wrongs : 0;
  }

  #minute(): number {
    return Math.floor(this.#clock.now() / MINUTE_MS);
  }

  #newClient(): Client {
    return { line: new WaitingLine(this.#clock), wrongs: [] };
  }

  #newDoor(): Door {
    return {
      line: new WaitingLine(this.#clock),
      inside: 0,
      minute: this.#minute(),
      wrongs: 0,
      guardedUntil: 0,
    };
  }
}

const isSlow = ({ wrongs }: Client, now: number): boolean =>
  wrongs.length > SLOW_AFTER && now - (wrongs[0]?.at ?? 0) < MINUTE_MS;

/** 0: not of late. */
const lastWrongAt = ({ wrongs }: Client, message: string): number =>
  wrongs.findLast((one) => one.message === message)?.at ?? 0;

const isIdle = ({ line }: Client): boolean => line.isEmpty;
const isClosed = ({ line, inside }: Door): boolean => inside === 0 && line.isEmpty;

/** The entry, made when there is none, and from now on the one used last; what is not in use makes room for it. */
function touch<T>(
  all: Map<string, T>,
  key: string,
  most: number,
  isFree: (one: T) => boolean,
  make: () => T,
): T {
  const known = all.get(key);
  if (known === undefined && all.size >= most) {
    for (const [other, one] of all) {
      if (isFree(one)) all.delete(other);
      if (all.size < most) break;
    }
  }
  const entry = known ?? make();
  all.delete(key);
  all.set(key, entry);
  return entry;
}

const crowded = (): Problem =>
  new Problem('too_many_requests', 'Too many claims are waiting already. Wait and try again.', {
    retryAfterSeconds: (PLACES_SLOW * SLOW_MS) / 1_000,
  });

const stopping = (): Problem =>
  new Problem('stopping', 'The service is stopping. Nothing was changed: try again.', {
    retryAfterSeconds: 5,
  });

/** Read by nobody. A message that was claimed for who is gone would be lost. */
export const nobodyThere = (): Problem =>
  new Problem('bad_request', 'The request ended before it was its turn.');
