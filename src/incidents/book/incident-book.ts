import type { Feed } from '../feeds/feed.ts';
import type { AttributedIncident, Identity, Incident, IncidentId } from '../incident.ts';
import { documentPieces } from './document.ts';
import { FeedBook } from './feed-book.ts';
import { Filing } from './filing.ts';
import type { Book, BookDocument, ChangePage, ListCounts } from './port.ts';

/** Types of one feed at most, those included that only the store knows. */
const RANKS = 1_000;

type Totals = Pick<BookDocument, 'unresolved' | 'incidents'>;

export class IncidentBook implements Book {
  readonly #filing = new Filing();
  readonly #feeds = new Map<string, FeedBook>();
  /** Something was taken, or loaded: before that nothing is known, which is not the same as nothing. */
  #isBegun = false;
  #made: Totals | undefined;

  /** In the order of the config, which settles what is equal in time. */
  constructor(feeds: readonly Feed[]) {
    for (const { id, types, identitiesOf } of feeds)
      this.#open(
        id,
        types.map(({ type }) => type),
        identitiesOf,
      );
  }

  load(feed: string, incidents: readonly AttributedIncident[], identities: readonly Identity[]): void {
    this.#isBegun = true;
    this.adopt(feed, incidents, [], identities);
  }

  adopt(
    feed: string,
    incidents: readonly AttributedIncident[],
    gone: readonly IncidentId[],
    identities: readonly Identity[],
  ): void {
    const book = this.#feed(feed);
    if (incidents.length > 0 || gone.length > 0) this.#isBegun = true;
    // What the store has attributed comes before what we would make of the identities.
    for (const incident of incidents) book.adopt(incident);
    book.adoptGone(gone);
    book.resolve(book.identities.adopt(identities));
  }

  takeList(feed: string, type: string, incidents: readonly Incident[]): ListCounts {
    this.#isBegun = true;
    return this.#feed(feed).takeList(type, incidents);
  }

  takeIdentities(
    feed: string,
    identities: ReadonlyMap<string, string>,
    now: number,
  ): { readonly count: number; readonly forgotten: number } {
    const book = this.#feed(feed);
    const { appeared, forgotten } = book.identities.take(identities, now);
    book.resolve(appeared);
    return { count: identities.size, forgotten };
  }

  push(
    feed: string,
    incidents: readonly Incident[],
  ): { readonly taken: number; readonly repeats: number; readonly invalid: number } {
    this.#isBegun = true;
    const book = this.#feed(feed);
    const fresh = incidents.filter((incident) => book.push(incident));
    const invalid = fresh.filter(({ fault }) => fault !== undefined).length;
    return { taken: fresh.length - invalid, repeats: incidents.length - fresh.length, invalid };
  }

  drop(feed: string, incidents: readonly IncidentId[]): void {
    this.#feed(feed).drop(incidents);
  }

  counts(feed: string, type: string): ListCounts {
    return this.#feed(feed).counts(type);
  }

  changes(feed: string, limit: number): ChangePage {
    return this.#feed(feed).changes(limit);
  }

  stored(feed: string, mark: number): void {
    this.#feed(feed).stored(mark);
  }

  get isChanged(): boolean {
    if (!this.#isBegun) return false;
    const { unresolved, incidents } = this.#totals;
    return (
      this.#filing.isChanged || this.#made?.unresolved !== unresolved || this.#made.incidents !== incidents
    );
  }

  document(): BookDocument {
    const totals = this.#totals;
    this.#made = totals;
    return { pieces: documentPieces(this.#filing.files()), ...totals };
  }

  get #totals(): Totals {
    const totals = [...this.#feeds.values()].map((book) => book.totals);
    return {
      unresolved: totals.reduce((sum, { unresolved }) => sum + unresolved, 0),
      incidents: totals.reduce((sum, { count }) => sum + count, 0),
    };
  }

  /** A feed that only the store knows, or another environment, is listed as well. */
  #feed(id: string): FeedBook {
    return this.#feeds.get(id) ?? this.#open(id, [], id);
  }

  #open(id: string, types: readonly string[], identitiesOf: string): FeedBook {
    const rank = this.#feeds.size * RANKS;
    const book: FeedBook = new FeedBook(types, rank, this.#filing, () =>
      identitiesOf === id ? book : this.#feed(identitiesOf),
    );
    this.#feeds.set(id, book);
    return book;
  }
}
