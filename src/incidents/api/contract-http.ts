import { type Coding, codings, preferredCoding } from '../../kernel/accept-encoding.ts';
import type { Clock } from '../../kernel/clock.ts';
import { namesTag } from '../../kernel/entity-tag.ts';
import { isSince, toHttpDate } from '../../kernel/http-date.ts';
import { Problem } from '../../kernel/problem.ts';
import { defineRoute, Reply, type Route, type RouteInput } from '../../kernel/route.ts';
import { secondsSince } from './seconds-since.ts';
import type { Publication, PublishedDocument } from '../published.ts';
import { documentWire } from './wire.ts';

export interface ContractRouteOptions {
  /** As it stands now; undefined: no feed is configured. */
  readonly publication: () => Publication | undefined;
  /** Resolves when what is stored of an earlier time has been read, or soon at the latest. */
  readonly loaded: () => Promise<void>;
  /** Whether everybody may ask, as with the original. */
  readonly isPublic: boolean;
  readonly clock: Clock;
}

type Headers = RouteInput<unknown, unknown, unknown>['headers'];

const COLD_RETRY_SECONDS = 2;
/** Names of stale lists in one header; how many more there are is told. */
const STALE_NAMES_MAX = 20;
/** RFC 9111, 1.2.2. */
const SECONDS_MAX = 2_147_483_647;
const TAG_ENDINGS: Readonly<Record<Coding, string>> = { br: '-br', gzip: '-gz', identity: '' };

/** The original service's route: what feeds list now, by employee. From memory, whatever the feeds do. */
export function contractRoute({ publication, loaded, isPublic, clock }: ContractRouteOptions): Route {
  const ready = new ReadyReplies(clock);
  return defineRoute({
    method: 'GET',
    path: '/incidents',
    access: isPublic ? { kind: 'public' } : { kind: 'operator', scope: 'read' },
    tag: 'Incidents',
    summary: 'What the feeds list now, by employee and priority',
    reply: { status: 200, schema: documentWire },
    problems: ['feed_off', 'feed_cold'],
    cacheControl: `${isPublic ? 'public' : 'private'}, no-cache`,
    async handle({ headers }) {
      // Right after a start: rather wait a moment than say that there is nothing.
      if (publication()?.document === undefined) await loaded();
      const published = publication();
      if (published === undefined) throw feedOff();
      const { document } = published;
      if (document === undefined) throw feedCold();
      return ready.answer(document, published, headers);
    },
  });
}

const feedOff = (): Problem =>
  new Problem(
    'feed_off',
    'No incident feed is configured. Set TOCSIN_INCIDENTS_URL, or `feeds` in tocsin.yaml, and start again.',
  );

const feedCold = (): Problem =>
  new Problem('feed_cold', 'No feed has answered yet, and nothing is stored of an earlier time.', {
    retryAfterSeconds: COLD_RETRY_SECONDS,
  });

/** The ready bytes, or word that the client has them. Nothing here may grow with the document. */
class ReadyReplies {
  readonly #clock: Clock;
  /** Whoever asks in the same moment gets the same reply. */
  #replies = new Map<Coding, Reply>();
  #of: Publication | undefined;
  /** The one before it was of the same second: a date does not tell which of them a client has. */
  #isTwofold = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  answer(document: PublishedDocument, published: Publication, headers: Headers): Reply {
    if (this.#of !== published) this.#turn(published);
    const coding = preferredCoding(headers['accept-encoding']?.toString());
    const changedAt = this.#isTwofold ? published.changedAt + 1_000 : published.changedAt;
    const known = knownTag(document, changedAt, headers, coding);
    if (known !== undefined) return new Reply(304, undefined, this.#headers(document, published, known));
    const kept = this.#replies.get(coding) ?? this.#whole(document, published, coding);
    this.#replies.set(coding, kept);
    return kept;
  }

  #turn(published: Publication): void {
    const { changedAt } = published;
    const before = this.#of?.changedAt;
    if (before !== undefined && before !== changedAt)
      this.#isTwofold = toHttpDate(before) === toHttpDate(changedAt);
    this.#of = published;
    this.#replies = new Map();
  }

  #whole(document: PublishedDocument, published: Publication, coding: Coding): Reply {
    const headers = this.#headers(document, published, tagOf(document, coding));
    if (coding === 'identity') return new Reply(200, document.plain, headers);
    const bytes = coding === 'br' ? document.brotli : document.gzip;
    return new Reply(200, bytes, { ...headers, 'content-encoding': coding });
  }

  #headers(document: PublishedDocument, published: Publication, etag: string): Record<string, string> {
    return {
      etag,
      vary: 'accept-encoding',
      'last-modified': toHttpDate(published.changedAt),
      age: String(ageSeconds(published.refreshedAt, this.#clock.now())),
      'tocsin-incidents-unresolved': String(document.unresolved),
      ...(published.stale.length === 0 ? {} : { 'tocsin-incidents-stale': staleNames(published.stale) }),
    };
  }
}

/** Strong, so each coding has its own. */
const tagOf = ({ hash }: PublishedDocument, coding: Coding): string => `"${hash}${TAG_ENDINGS[coding]}"`;

/** The tag of what the client has, if that is the document still: in whatever coding, for the bytes inside are the same. */
function knownTag(
  document: PublishedDocument,
  changedAt: number,
  headers: Headers,
  preferred: Coding,
): string | undefined {
  const named = headers['if-none-match']?.toString();
  if (named !== undefined) {
    return [preferred, ...codings]
      .map((coding) => tagOf(document, coding))
      .find((tag) => namesTag(named, tag));
  }
  const isKnown = isSince(changedAt, headers['if-modified-since']?.toString());
  return isKnown ? tagOf(document, preferred) : undefined;
}

/** Never below 0: the machine's clock may have gone back since. */
function ageSeconds(refreshedAt: number, now: number): number {
  return Math.min(SECONDS_MAX, secondsSince(refreshedAt, now));
}

function staleNames(stale: readonly string[]): string {
  const more = stale.length - STALE_NAMES_MAX;
  const named = stale.slice(0, STALE_NAMES_MAX).join(', ');
  return more > 0 ? `${named}, and ${more} more` : named;
}
