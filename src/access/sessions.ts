import { randomUUID } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import type { Sealer } from '../kernel/seal.ts';
import type { Ephemeral } from '../storage/ephemeral/port.ts';
import { ShortMemory } from './short-memory.ts';

/**
 * The cookie's name. Under TLS it has the prefix with which browsers take it from this very host only (RFC 6265bis,
 * 4.1.3.2): a neighbour on the same domain cannot put a session of its own in our visitors' hands.
 */
export const SESSION_COOKIE = 'tocsin_session';
export const SECURE_SESSION_COOKIE = `__Host-${SESSION_COOKIE}`;
export const SESSION_COOKIES = [SECURE_SESSION_COOKIE, SESSION_COOKIE] as const;
export type SessionCookie = (typeof SESSION_COOKIES)[number];

/** The longest that a session lasts. */
export const SESSION_MS = 12 * 3_600_000;
/** For so long another replica does not hear that a session was ended. */
const MEMORY_MS = 2_000;
const MEMORY_MAX = 2_000;

/** A browser's session: whose it is, with which secret it was opened, and its end in Unix ms. */
export interface Session {
  readonly id: string;
  readonly actorId: string;
  /** Of the secret that it was exchanged for: it ends with that. */
  readonly mark: string;
  readonly expiresAt: number;
}

/** For the `Set-Cookie` of an answer. */
export interface CookieToSet {
  readonly name: SessionCookie;
  readonly value: string;
  readonly seconds: number;
}

export interface SessionsOptions {
  readonly sealer: Sealer;
  readonly clock: Clock;
  /** Keeps the ids of sessions that were ended before their time; it must outlive this process. */
  readonly ended: Pick<Ephemeral, 'put' | 'get'>;
}

/** Sessions are in their cookies, sealed, so that every replica knows them; only the ended ones are in a store. */
export class Sessions {
  readonly #options: SessionsOptions;
  /** Sessions that were found not to be ended. */
  readonly #open: ShortMemory<true>;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#open = new ShortMemory(options.clock, MEMORY_MS, MEMORY_MAX);
  }

  /** `secretEndsAt`: of the token it is exchanged for; a session does not outlive it. */
  open(
    holder: { readonly actorId: string; readonly mark: string; readonly secretEndsAt: number | undefined },
    isSecure: boolean,
  ): CookieToSet {
    const { sealer, clock } = this.#options;
    const now = clock.now();
    const expiresAt = Math.min(now + SESSION_MS, holder.secretEndsAt ?? Infinity);
    const name = isSecure ? SECURE_SESSION_COOKIE : SESSION_COOKIE;
    const text = [expiresAt, randomUUID(), holder.mark, holder.actorId].join(' ');
    return { name, value: sealer.seal(text, name), seconds: Math.ceil((expiresAt - now) / 1_000) };
  }

  /** The session in a cookie, also one whose time is over; undefined when it is forged, or under another name. */
  read(name: SessionCookie, value: string): Session | undefined {
    const parts = (this.#options.sealer.open(value, name) ?? '').split(' ');
    const [expiresAt, id, mark, actorId] = parts;
    if (id === undefined || mark === undefined || actorId === undefined) return undefined;
    return { id, actorId, mark, expiresAt: Number(expiresAt) };
  }

  /** Whether its time is over, or it was ended. */
  async isOver(session: Session): Promise<boolean> {
    if (session.expiresAt <= this.#options.clock.now()) return true;
    const isOpen = await this.#open.recall(session.id, async () =>
      (await this.#options.ended.get(keyOf(session))) === undefined ? true : undefined,
    );
    return isOpen === undefined;
  }

  /** Ends it for good, on every replica; the cookie, wherever a copy of it is, opens nothing any more. */
  async end(session: Session): Promise<void> {
    const left = session.expiresAt - this.#options.clock.now();
    if (left <= 0) return;
    await this.#options.ended.put(keyOf(session), 'ended', Math.ceil(left));
    this.#open.clear();
  }
}

const keyOf = ({ id }: Session): string => `session/${id}`;
