/** What a type's records say about whom, by the names of their members. At most one of the first three. */
export interface FeedType {
  /** `denial`: also the name of its list at the feed, and a part of the event's type. */
  readonly type: string;
  /** The member that holds an employee's integer id. */
  readonly employee?: string;
  /** The member that holds an address, to be looked up among the identities. */
  readonly address?: string;
  /** The member that holds either: an integer is an employee's id, a text is an address. */
  readonly either?: string;
  /** The member that holds the other side's address; never looked up. */
  readonly source?: string;
}

/** A configured feed, whatever its kind: what is needed to read and attribute its records. */
export interface Feed {
  readonly id: string;
  readonly kind: FeedKindName;
  readonly types: readonly FeedType[];
  /** The feed whose identities its addresses are looked up in: its own id, unless the config names another. */
  readonly identitiesOf: string;
  /** What is told of incidents that were there before anybody asked: one event for all of a type's first list, or each. */
  readonly backlog: (typeof backlogs)[number];
  /** Without a good answer for so long a list counts as stale. */
  readonly staleAfterMs: number;
}

export const backlogs = ['summary', 'events'] as const;

export const feedKindNames = ['poll', 'push', 'file'] as const;
export type FeedKindName = (typeof feedKindNames)[number];

/** How requests prove themselves to a polled feed. */
export type FeedCredentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'header'; readonly name: string; readonly value: string };

/** A feed that is asked over HTTP: `{base}{identitiesPath}` and `{base}/incidents/{type}/`. */
export interface PolledFeed extends Feed {
  readonly kind: 'poll';
  /** http or https, without a trailing slash, a query or credentials. */
  readonly url: string;
  readonly credentials: FeedCredentials;
  /** Undefined: the feed has no identities of its own. */
  readonly identitiesPath: string | undefined;
  /** `{type}` stands for the type's name. */
  readonly incidentsPath: string;
  readonly everyMs: number;
  readonly connectTimeoutMs: number;
  /** From the connection to the last byte of one answer. */
  readonly readTimeoutMs: number;
  /** Of one list in one refresh. */
  readonly attemptsMax: number;
  /** Lists asked for at once at most; fewer while the feed is slow under load. */
  readonly parallelMax: number;
  /** Of one answer, decompressed. */
  readonly bytesMax: number;
  /** Networks, hosts or host:port beyond public addresses; the feed's own host is among them. */
  readonly egressAllow: readonly string[];
}

/** A file or a directory of files, read again whenever they change. Every record names its type in `typeField`. */
export interface FileFeed extends Feed {
  readonly kind: 'file';
  /** `.ndjson`, `.jsonl`, `.json` and `.csv` files. */
  readonly path: string;
  /** A JSON object address → employee id, read again whenever it changes; undefined: none. */
  readonly identitiesPath: string | undefined;
  readonly typeField: string;
  readonly everyMs: number;
  /** Of all files together. */
  readonly bytesMax: number;
}

/** Incidents are sent to it, signed. */
export interface PushedFeed extends Feed {
  readonly kind: 'push';
  readonly typeField: string;
  /** For so long after it came an incident counts as listed. */
  readonly listedForMs: number;
  /** Incidents listed at once; then pushes are refused. */
  readonly listedMax: number;
}

export type AnyFeed = PolledFeed | FileFeed | PushedFeed;
