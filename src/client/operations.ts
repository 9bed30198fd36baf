// Made from the service's description by `npm run generate`; a change by hand would be lost.

export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly error: string;
  readonly message: unknown;
};

/** By method and path: what goes in, and what is answered. */
export interface Operations {
  /** What this is; for a browser, the operators' page */
  'GET /': {
    readonly input: Readonly<Record<never, never>>;
    readonly status: 200;
    readonly answer: {
      readonly status: 'ok';
      readonly service: 'tocsin';
      readonly version: string;
      /** Where the API is described. */
      readonly openapi: string;
    };
    /** The codes of its refusals. */
    readonly problems: 'too_many_requests';
  };
  /** Make a message of `{"message": "<text>"}` */
  'POST /': {
    readonly input: {
      readonly body: unknown;
    };
    readonly status: 200;
    readonly answer: {
      readonly message_id: string;
      readonly status: 200;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'body_too_large' | 'too_many_requests' | 'store_unavailable' | 'store_full';
  };
  /** What this process is made of: versions, stores, and the database of countries with its licence */
  'GET /api/v1/about': {
    readonly input: Readonly<Record<never, never>>;
    readonly status: 200;
    readonly answer: {
      readonly service: 'tocsin';
      readonly version: string;
      /** The version of Node.js. */
      readonly node: string;
      readonly startedAt: string;
      readonly roles: ReadonlyArray<'api' | 'deliver' | 'collect'>;
      readonly store: 'sqlite' | 'postgres';
      readonly messages: {
        readonly store: 'database' | 'memory' | 'redis';
      };
      readonly geo: {
        /** Whether countries of addresses are looked up at all. */
        readonly lookup: boolean;
        readonly database: {
          readonly name: string;
          /** When its maker made it. */
          readonly builtAt: string;
          /** Of its search tree: about as many ranges does it tell apart. */
          readonly nodes: number;
          /** Kept in memory. */
          readonly bytes: number;
          readonly licence: {
            /** SPDX. */
            readonly name: string;
            readonly url: string;
            /** To be shown, with the link, where results are shown. */
            readonly attribution: {
              readonly text: string;
              readonly url: string;
            };
          } | null;
        } | null;
      };
    };
    /** The codes of its refusals. */
    readonly problems: 'unauthorized' | 'too_many_requests' | 'store_unavailable';
  };
  /** Acknowledge every event that matches, the newest first */
  'POST /api/v1/acknowledge': {
    readonly input: {
      readonly body: {
        /** From then on. RFC 3339. */
        readonly since?: string | undefined;
        /** Before then. RFC 3339. */
        readonly until?: string | undefined;
        readonly source?: string | undefined;
        readonly type?: string | undefined;
        /** At least this severity. */
        readonly severity?: 'unknown' | 'informational' | 'low' | 'medium' | 'high' | 'critical' | undefined;
        /** The subject's id. */
        readonly subject?: string | undefined;
        /** About our own application. */
        readonly internal?: boolean | undefined;
        /** Taken by no rule. */
        readonly unrouted?: boolean | undefined;
        /** What it makes of its matter. */
        readonly state?: 'open' | 'resolved' | undefined;
        /** Of one matter; only events that have a state are found by it. */
        readonly fingerprint?: string | undefined;
        /** That came from there: a country (`FR`), `private` or `unknown`. */
        readonly 'geo.source'?: string | undefined;
        /** That went there. */
        readonly 'geo.destination'?: string | undefined;
        /** Within the country lists; only events that name a side are found by it. */
        readonly 'geo.allowed'?: boolean | undefined;
        /** Words that all stand in it: title, type, source, subject, labels, what was seen, link, the first 4096 characters of the payload. `"a phrase"`, `begin*`. */
        readonly search?: string | undefined;
        /** Why, in one line: for those who come after. */
        readonly reason?: string | undefined;
        readonly limit?: number | undefined;
        /** Only count. */
        readonly dryRun?: boolean | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      /** Events that the filter matched and that were not acknowledged; at most the limit. */
      readonly matched: number;
      /** Acknowledged now. */
      readonly acknowledged: number;
      /** There are more than the limit: ask again. */
      readonly more: boolean;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'body_too_large' | 'media_type_unsupported' | 'too_many_requests' | 'store_unavailable';
  };
  /** Every change of state, newest first */
  'GET /api/v1/audit': {
    readonly input: {
      readonly query?: {
        /** Whose: the token's id. */
        readonly actor?: string | undefined;
        /** `token.create`. */
        readonly action?: string | undefined;
        /** What was changed: its id. */
        readonly subject?: string | undefined;
        /** From then on. RFC 3339. */
        readonly since?: string | undefined;
        /** Before then. RFC 3339. */
        readonly until?: string | undefined;
        /** Items a page. */
        readonly limit?: number | undefined;
        /** `nextCursor` of the page before. */
        readonly cursor?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly items: ReadonlyArray<{
        readonly id: string;
        readonly at: string;
        readonly actor: string;
        readonly action: string;
        readonly subject: string;
        readonly before: unknown;
        readonly after: unknown;
      }>;
      /** Null on the last page. */
      readonly nextCursor: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'too_many_requests' | 'store_unavailable';
  };
  /** Every setting in force and where it was set; secrets masked */
  'GET /api/v1/config': {
    readonly input: Readonly<Record<never, never>>;
    readonly status: 200;
    readonly answer: {
      readonly items: ReadonlyArray<{
        readonly path: string;
        /** Secrets are masked. Absent when not set. */
        readonly value?: unknown | undefined;
        /** Where it was set: `tocsin.yaml:12`, `env TOCSIN_PORT`, `default`. */
        readonly origin: string;
      }>;
    };
    /** The codes of its refusals. */
    readonly problems: 'unauthorized' | 'forbidden' | 'too_many_requests' | 'store_unavailable';
  };
  /** Read the config again; with faults the one in force stays */
  'POST /api/v1/config/reload': {
    readonly input: Readonly<Record<never, never>>;
    readonly status: 200;
    readonly answer: {
      readonly reloaded: true;
    };
    /** The codes of its refusals. */
    readonly problems: 'unauthorized' | 'forbidden' | 'body_too_large' | 'config_faulty' | 'too_many_requests' | 'store_unavailable';
  };
  /** Every country of ISO 3166-1, and in which of the two lists it is */
  'GET /api/v1/countries': {
    readonly input: Readonly<Record<never, never>>;
    readonly status: 200;
    readonly answer: {
      readonly items: ReadonlyArray<{
        /** ISO 3166-1 alpha-2. */
        readonly isoCode: string;
        /** ISO 3166-1 alpha-3. */
        readonly alpha3: string;
        /** In the language of the answer. */
        readonly name: string;
        /** Whether events may come from there. */
        readonly source: boolean;
        /** Whether events may go there. */
        readonly destination: boolean;
      }>;
    };
    /** The codes of its refusals. */
    readonly problems: 'too_many_requests';
  };
  /** Deliveries, newest first */
  'GET /api/v1/deliveries': {
    readonly input: {
      readonly query?: {
        /** Items a page. */
        readonly limit?: number | undefined;
        /** `nextCursor` of the page before. */
        readonly cursor?: string | undefined;
        /** From then on. RFC 3339. */
        readonly since?: string | undefined;
        /** Before then. RFC 3339. */
        readonly until?: string | undefined;
        readonly target?: string | undefined;
        readonly status?: 'pending' | 'delivered' | 'dead' | 'skipped' | undefined;
        readonly event?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly items: ReadonlyArray<{
        readonly id: string;
        readonly event: string;
        readonly target: string;
        readonly status: 'pending' | 'delivered' | 'dead' | 'skipped';
        readonly internal: boolean;
        readonly replayOf: string | null;
        readonly replayedAs: string | null;
        readonly fallbackOf: string | null;
        readonly attempts: number;
        readonly reason: string | null;
        /** Why a pending one waits, as the replica asked knows it; null when only for its time. */
        readonly held: {
          readonly reason: 'target_missing' | 'target_disabled' | 'target_paused' | 'receiver_asked' | 'breaker_open' | 'rate_limited';
          readonly until: string | null;
        } | null;
        readonly createdAt: string;
        readonly nextAttemptAt: string | null;
        readonly settledAt: string | null;
      }>;
      /** Null on the last page. */
      readonly nextCursor: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'too_many_requests' | 'store_unavailable';
  };
  /** One delivery with each attempt */
  'GET /api/v1/deliveries/{id}': {
    readonly input: {
      readonly params: {
        readonly id: string;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly id: string;
      readonly event: string;
      readonly target: string;
      readonly status: 'pending' | 'delivered' | 'dead' | 'skipped';
      readonly internal: boolean;
      readonly replayOf: string | null;
      readonly replayedAs: string | null;
      readonly fallbackOf: string | null;
      readonly attempts: number;
      readonly reason: string | null;
      /** Why a pending one waits, as the replica asked knows it; null when only for its time. */
      readonly held: {
        readonly reason: 'target_missing' | 'target_disabled' | 'target_paused' | 'receiver_asked' | 'breaker_open' | 'rate_limited';
        readonly until: string | null;
      } | null;
      readonly createdAt: string;
      readonly nextAttemptAt: string | null;
      readonly settledAt: string | null;
      readonly attemptLog: ReadonlyArray<{
        readonly number: number;
        readonly startedAt: string;
        readonly durationMs: number;
        readonly outcome: 'delivered' | 'retry' | 'rejected';
        readonly reason: string | null;
        readonly status: number | null;
        readonly answer: string | null;
      }>;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'not_found' | 'too_many_requests' | 'store_unavailable';
  };
  /** Send a delivery again, as a new one */
  'POST /api/v1/deliveries/{id}/replay': {
    readonly input: {
      readonly params: {
        readonly id: string;
      };
    };
    readonly status: 202;
    readonly answer: {
      /** The new deliveries. */
      readonly deliveries: readonly string[];
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'not_found' | 'conflict' | 'body_too_large' | 'too_many_requests' | 'store_unavailable';
  };
  /** Events, newest first */
  'GET /api/v1/events': {
    readonly input: {
      readonly query?: {
        /** Items a page. */
        readonly limit?: number | undefined;
        /** `nextCursor` of the page before. */
        readonly cursor?: string | undefined;
        /** From then on. RFC 3339. */
        readonly since?: string | undefined;
        /** Before then. RFC 3339. */
        readonly until?: string | undefined;
        readonly source?: string | undefined;
        readonly type?: string | undefined;
        /** At least this severity. */
        readonly severity?: 'unknown' | 'informational' | 'low' | 'medium' | 'high' | 'critical' | undefined;
        /** The subject's id. */
        readonly subject?: string | undefined;
        /** About our own application. */
        readonly internal?: boolean | undefined;
        /** Taken by no rule. */
        readonly unrouted?: boolean | undefined;
        /** What it makes of its matter. */
        readonly state?: 'open' | 'resolved' | undefined;
        /** Of one matter; only events that have a state are found by it. */
        readonly fingerprint?: string | undefined;
        /** That came from there: a country (`FR`), `private` or `unknown`. */
        readonly 'geo.source'?: string | undefined;
        /** That went there. */
        readonly 'geo.destination'?: string | undefined;
        /** Within the country lists; only events that name a side are found by it. */
        readonly 'geo.allowed'?: boolean | undefined;
        /** An operator has taken note of it. */
        readonly acknowledged?: boolean | undefined;
        /** Words that all stand in it: title, type, source, subject, labels, what was seen, link, the first 4096 characters of the payload. `"a phrase"`, `begin*`. */
        readonly search?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly items: ReadonlyArray<{
        readonly id: string;
        readonly source: string;
        readonly type: string;
        readonly severity: 'unknown' | 'informational' | 'low' | 'medium' | 'high' | 'critical';
        readonly title: string;
        readonly occurredAt: string | null;
        /** When it was taken in. */
        readonly receivedAt: string;
        readonly subject: {
          readonly kind: string;
          readonly id: string;
          readonly name?: string | undefined;
        } | null;
        /** Shared by the events of one matter. */
        readonly fingerprint: string;
        readonly state: 'open' | 'resolved' | null;
        readonly labels: Readonly<Record<string, string>>;
        readonly observables: ReadonlyArray<{
          readonly kind: 'ip' | 'user' | 'url' | 'host';
          readonly value: string;
        }>;
        readonly geo: {
          readonly source: string | null;
          readonly destination: string | null;
          /** False when a side is in a country outside of its list. What is private or unknown is not disallowed. */
          readonly allowed: boolean;
        } | null;
        readonly link: string | null;
        /** It is about our own application. */
        readonly internal: boolean;
        /** No rule took it. */
        readonly unrouted: boolean;
        /** The sender's repeats that were absorbed. */
        readonly duplicates: number;
        readonly lastDuplicateAt: string | null;
        /** An operator has taken note of it. */
        readonly acknowledged: boolean;
      }>;
      /** Null on the last page. */
      readonly nextCursor: string | null;
      /** Of a search: how far it has seen. */
      readonly search?: {
        readonly indexedUntil: string | null;
        /** Nothing was left out. False: the index is behind, or is being filled. */
        readonly complete: boolean;
      } | undefined;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'too_many_requests' | 'store_unavailable';
  };
  /** Events as they come, as server-sent events; with Last-Event-ID from there on */
  'GET /api/v1/events/stream': {
    readonly input: {
      readonly query?: {
        readonly source?: string | undefined;
        readonly type?: string | undefined;
        /** At least this severity. */
        readonly severity?: 'unknown' | 'informational' | 'low' | 'medium' | 'high' | 'critical' | undefined;
        /** The subject's id. */
        readonly subject?: string | undefined;
        /** About our own application. */
        readonly internal?: boolean | undefined;
        /** Taken by no rule. */
        readonly unrouted?: boolean | undefined;
        /** What it makes of its matter. */
        readonly state?: 'open' | 'resolved' | undefined;
        /** Of one matter; only events that have a state are found by it. */
        readonly fingerprint?: string | undefined;
        /** That came from there: a country (`FR`), `private` or `unknown`. */
        readonly 'geo.source'?: string | undefined;
        /** That went there. */
        readonly 'geo.destination'?: string | undefined;
        /** Within the country lists; only events that name a side are found by it. */
        readonly 'geo.allowed'?: boolean | undefined;
        /** Begin behind this event, as the header `Last-Event-ID` does, which counts if both are there. */
        readonly after?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: AsyncIterable<Uint8Array>;
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'too_many_requests' | 'store_unavailable';
  };
  /** One event: the rules that took it, its deliveries, each attempt, what operators said of it */
  'GET /api/v1/events/{id}': {
    readonly input: {
      readonly params: {
        readonly id: string;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly id: string;
      readonly source: string;
      readonly type: string;
      readonly severity: 'unknown' | 'informational' | 'low' | 'medium' | 'high' | 'critical';
      readonly title: string;
      readonly occurredAt: string | null;
      /** When it was taken in. */
      readonly receivedAt: string;
      readonly subject: {
        readonly kind: string;
        readonly id: string;
        readonly name?: string | undefined;
      } | null;
      /** Shared by the events of one matter. */
      readonly fingerprint: string;
      readonly state: 'open' | 'resolved' | null;
      readonly labels: Readonly<Record<string, string>>;
      readonly observables: ReadonlyArray<{
        readonly kind: 'ip' | 'user' | 'url' | 'host';
        readonly value: string;
      }>;
      readonly geo: {
        readonly source: string | null;
        readonly destination: string | null;
        /** False when a side is in a country outside of its list. What is private or unknown is not disallowed. */
        readonly allowed: boolean;
      } | null;
      readonly link: string | null;
      /** It is about our own application. */
      readonly internal: boolean;
      /** No rule took it. */
      readonly unrouted: boolean;
      /** The sender's repeats that were absorbed. */
      readonly duplicates: number;
      readonly lastDuplicateAt: string | null;
      /** An operator has taken note of it. */
      readonly acknowledged: boolean;
      readonly matched: ReadonlyArray<{
        readonly rule: string;
        readonly targets: readonly string[];
      }>;
      readonly internalAlert: Readonly<Record<string, unknown>> | null;
      /** The notification, byte for byte. */
      readonly payload: string;
      readonly payloadSha256: string;
      readonly acknowledgement: {
        readonly at: string;
        readonly by: {
          readonly id: string;
          readonly name: string;
        };
        readonly reason: string | null;
      } | null;
      /** Oldest first. */
      readonly notes: ReadonlyArray<{
        readonly id: string;
        readonly at: string;
        readonly by: {
          readonly id: string;
          readonly name: string;
        };
        /** Perhaps several lines. */
        readonly text: string;
      }>;
      readonly deliveries: ReadonlyArray<{
        readonly id: string;
        readonly event: string;
        readonly target: string;
        readonly status: 'pending' | 'delivered' | 'dead' | 'skipped';
        readonly internal: boolean;
        readonly replayOf: string | null;
        readonly replayedAs: string | null;
        readonly fallbackOf: string | null;
        readonly attempts: number;
        readonly reason: string | null;
        /** Why a pending one waits, as the replica asked knows it; null when only for its time. */
        readonly held: {
          readonly reason: 'target_missing' | 'target_disabled' | 'target_paused' | 'receiver_asked' | 'breaker_open' | 'rate_limited';
          readonly until: string | null;
        } | null;
        readonly createdAt: string;
        readonly nextAttemptAt: string | null;
        readonly settledAt: string | null;
        readonly attemptLog: ReadonlyArray<{
          readonly number: number;
          readonly startedAt: string;
          readonly durationMs: number;
          readonly outcome: 'delivered' | 'retry' | 'rejected';
          readonly reason: string | null;
          readonly status: number | null;
          readonly answer: string | null;
        }>;
      }>;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'not_found' | 'too_many_requests' | 'store_unavailable';
  };
  /** Take note of an event; of several acknowledgements the first one stands */
  'POST /api/v1/events/{id}/acknowledge': {
    readonly input: {
      readonly params: {
        readonly id: string;
      };
      readonly body: {
        /** Why, in one line: for those who come after. */
        readonly reason?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly at: string;
      readonly by: {
        readonly id: string;
        readonly name: string;
      };
      readonly reason: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'not_found' | 'body_too_large' | 'media_type_unsupported' | 'too_many_requests' | 'store_unavailable';
  };
  /** Take an acknowledgement back */
  'DELETE /api/v1/events/{id}/acknowledge': {
    readonly input: {
      readonly params: {
        readonly id: string;
      };
    };
    readonly status: 204;
    readonly answer: undefined;
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'not_found' | 'body_too_large' | 'too_many_requests' | 'store_unavailable';
  };
  /** Write something down about an event */
  'POST /api/v1/events/{id}/notes': {
    readonly input: {
      readonly params: {
        readonly id: string;
      };
      readonly body: {
        readonly text: string;
      };
    };
    readonly status: 201;
    readonly answer: {
      readonly id: string;
      readonly at: string;
      readonly by: {
        readonly id: string;
        readonly name: string;
      };
      /** Perhaps several lines. */
      readonly text: string;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'not_found' | 'conflict' | 'body_too_large' | 'media_type_unsupported' | 'too_many_requests' | 'store_unavailable';
  };
  /** Send an event again: to the named targets, or to those it went to */
  'POST /api/v1/events/{id}/replay': {
    readonly input: {
      readonly params: {
        readonly id: string;
      };
      readonly body: {
        readonly targets?: readonly string[] | undefined;
      };
    };
    readonly status: 202;
    readonly answer: {
      /** The new deliveries. */
      readonly deliveries: readonly string[];
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'not_found' | 'conflict' | 'body_too_large' | 'media_type_unsupported' | 'too_many_requests' | 'store_unavailable';
  };
  /** Incidents of all feeds, those listed no more too, newest first */
  'GET /api/v1/incidents': {
    readonly input: {
      readonly query?: {
        /** Items a page. */
        readonly limit?: number | undefined;
        /** `nextCursor` of the page before. */
        readonly cursor?: string | undefined;
        /** The feed's id. */
        readonly feed?: string | undefined;
        /** As the feed calls it: `denial`. */
        readonly type?: string | undefined;
        /** Exactly this. */
        readonly priority?: 'low' | 'medium' | 'high' | 'critical' | undefined;
        /** Decimal digits. */
        readonly employee?: string | undefined;
        /** From then on. RFC 3339. */
        readonly since?: string | undefined;
        /** Before then. RFC 3339. */
        readonly until?: string | undefined;
        /** At least this. */
        readonly priorityMin?: 'low' | 'medium' | 'high' | 'critical' | undefined;
        /** The one looked up, or that of the other side. */
        readonly address?: string | undefined;
        /** Occurs in the record as it came, whatever the case. */
        readonly text?: string | undefined;
        /** The feed lists it now, or does not any more. */
        readonly listed?: boolean | undefined;
        /** Has an employee, or has none. */
        readonly attributed?: boolean | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly items: ReadonlyArray<{
        readonly id: string;
        readonly feed: string;
        readonly type: string;
        readonly priority: 'low' | 'medium' | 'high' | 'critical' | null;
        readonly timestamp: number | null;
        readonly occurredAt: string | null;
        readonly employee: string | null;
        readonly identity: 'stated' | 'current' | 'remembered' | null;
        readonly address: string | null;
        readonly sourceAddress: string | null;
        /** When the feed was first seen to list it. */
        readonly firstSeenAt: string;
        readonly lastSeenAt: string | null;
        /** The feed lists it now. */
        readonly listed: boolean;
        readonly attributedAt: string | null;
        readonly eventId: string | null;
      }>;
      /** Null on the last page. */
      readonly nextCursor: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'too_many_requests' | 'store_unavailable';
  };
  /** How many incidents there were over time, by priority; the last seven days unless told */
  'GET /api/v1/incidents/counts': {
    readonly input: {
      readonly query?: {
        /** From then on. RFC 3339. */
        readonly since?: string | undefined;
        /** Before then. RFC 3339. */
        readonly until?: string | undefined;
        /** The feed's id. */
        readonly feed?: string | undefined;
        /** As the feed calls it: `denial`. */
        readonly type?: string | undefined;
        /** Exactly this. */
        readonly priority?: 'low' | 'medium' | 'high' | 'critical' | undefined;
        /** Decimal digits. */
        readonly employee?: string | undefined;
        /** How long one step is; at most 2000 of them. */
        readonly step?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      /** Where the first step begins. */
      readonly since: string;
      /** Where the last one ends. */
      readonly until: string;
      readonly step: string;
      /** In the order of time. Steps without an incident are left out. */
      readonly points: ReadonlyArray<{
        /** Where the step begins. */
        readonly at: string;
        readonly counts: {
          readonly low: number;
          readonly medium: number;
          readonly high: number;
          readonly critical: number;
        };
      }>;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'too_many_requests' | 'store_unavailable';
  };
  /** Employees by the score of their incidents, the highest first */
  'GET /api/v1/incidents/employees': {
    readonly input: {
      readonly query?: {
        /** Items a page. */
        readonly limit?: number | undefined;
        /** The feed's id. */
        readonly feed?: string | undefined;
        /** As the feed calls it: `denial`. */
        readonly type?: string | undefined;
        /** From then on. RFC 3339. */
        readonly since?: string | undefined;
        /** Before then. RFC 3339. */
        readonly until?: string | undefined;
        /** The feed lists it now, or does not any more. */
        readonly listed?: boolean | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly items: ReadonlyArray<{
        /** Decimal digits. */
        readonly employee: string;
        /** The sum over their incidents: see `scale`. */
        readonly score: number;
        readonly counts: {
          readonly low: number;
          readonly medium: number;
          readonly high: number;
          readonly critical: number;
        };
        readonly lastAt: string | null;
      }>;
      /** A score is the sum of weight × 0.5^(age / half-life) over the incidents. */
      readonly scale: {
        readonly weights: {
          readonly low: number;
          readonly medium: number;
          readonly high: number;
          readonly critical: number;
        };
        /** After so long an incident counts half. */
        readonly halfLifeSeconds: number;
        /** The moment that ages are reckoned to. */
        readonly at: string;
      };
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'too_many_requests' | 'store_unavailable';
  };
  /** One employee: score, counts, addresses and the newest incidents */
  'GET /api/v1/incidents/employees/{employee}': {
    readonly input: {
      readonly params: {
        readonly employee: string;
      };
    };
    readonly status: 200;
    readonly answer: {
      /** Decimal digits. */
      readonly employee: string;
      /** The sum over their incidents: see `scale`. */
      readonly score: number;
      readonly counts: {
        readonly low: number;
        readonly medium: number;
        readonly high: number;
        readonly critical: number;
      };
      readonly lastAt: string | null;
      /** Incidents by type. */
      readonly byType: Readonly<Record<string, number>>;
      readonly firstAt: string | null;
      /** Incidents that feeds list now. */
      readonly listed: number;
      /** What belongs to them as far as is known. */
      readonly addresses: ReadonlyArray<{
        readonly feed: string;
        readonly address: string;
        readonly forgottenAt: string | null;
      }>;
      /** Their newest incidents; all are in `GET /api/v1/incidents?employee=`. */
      readonly latest: ReadonlyArray<{
        readonly id: string;
        readonly feed: string;
        readonly type: string;
        readonly priority: 'low' | 'medium' | 'high' | 'critical' | null;
        readonly timestamp: number | null;
        readonly occurredAt: string | null;
        readonly employee: string | null;
        readonly identity: 'stated' | 'current' | 'remembered' | null;
        readonly address: string | null;
        readonly sourceAddress: string | null;
        /** When the feed was first seen to list it. */
        readonly firstSeenAt: string;
        readonly lastSeenAt: string | null;
        /** The feed lists it now. */
        readonly listed: boolean;
        readonly attributedAt: string | null;
        readonly eventId: string | null;
      }>;
      /** A score is the sum of weight × 0.5^(age / half-life) over the incidents. */
      readonly scale: {
        readonly weights: {
          readonly low: number;
          readonly medium: number;
          readonly high: number;
          readonly critical: number;
        };
        /** After so long an incident counts half. */
        readonly halfLifeSeconds: number;
        /** The moment that ages are reckoned to. */
        readonly at: string;
      };
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'not_found' | 'too_many_requests' | 'store_unavailable';
  };
  /** Incidents for a feed of the kind push, signed as it says */
  'POST /api/v1/incidents/feeds/{id}': {
    readonly input: {
      readonly params: {
        /** The id of the feed. */
        readonly id: string;
      };
      readonly body: unknown;
    };
    readonly status: 200;
    readonly answer: {
      /** New ones. */
      readonly taken: number;
      /** Those that are listed already. */
      readonly repeats: number;
      /** Records that are no incidents: kept, and listed in `/api/v1/incidents/invalid`. */
      readonly invalid: number;
    } | {
      readonly challenge: string;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'signature_invalid' | 'not_found' | 'body_too_large' | 'body_invalid' | 'too_many_requests' | 'proof_unavailable' | 'store_unavailable' | 'store_full';
  };
  /** Records that are no incidents, with what is wrong with each */
  'GET /api/v1/incidents/invalid': {
    readonly input: {
      readonly query?: {
        /** Items a page. */
        readonly limit?: number | undefined;
        /** `nextCursor` of the page before. */
        readonly cursor?: string | undefined;
        /** The feed's id. */
        readonly feed?: string | undefined;
        /** As the feed calls it: `denial`. */
        readonly type?: string | undefined;
        /** What the feed lists now; false: what it does not any more. */
        readonly listed?: boolean | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly items: ReadonlyArray<{
        readonly id: string;
        readonly feed: string;
        readonly type: string;
        readonly fault: 'not_an_object' | 'type_unknown' | 'priority_unknown' | 'timestamp_invalid' | 'too_long' | null;
        /** The record as it came, without blanks; cut when it is `too_long`. */
        readonly text: string;
        readonly firstSeenAt: string;
        readonly lastSeenAt: string | null;
        /** The feed lists it now. */
        readonly listed: boolean;
      }>;
      /** Null on the last page. */
      readonly nextCursor: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'too_many_requests' | 'store_unavailable';
  };
  /** How each feed and each of its lists stands */
  'GET /api/v1/incidents/status': {
    readonly input: Readonly<Record<never, never>>;
    readonly status: 200;
    readonly answer: {
      readonly feeds: ReadonlyArray<{
        readonly id: string;
        readonly kind: 'poll' | 'push' | 'file';
        readonly refreshedAt: string | null;
        readonly durationMs: number | null;
        readonly parallel: number | null;
        readonly breaker: 'closed' | 'open' | 'half_open' | null;
        readonly identities: {
          /** A type's name; `identities`. */
          readonly name: string;
          readonly lastAttemptAt: string | null;
          readonly lastSuccessAt: string | null;
          readonly ageSeconds: number | null;
          /** Too old by the feed's `staleAfter`, or never had. */
          readonly stale: boolean;
          /** What it lists, the unresolved too, without the invalid. */
          readonly count: number;
          /** Without an employee. Of identities: remembered, though the feed does not name them now. */
          readonly unresolved: number;
          readonly invalid: number;
          readonly error: {
            readonly reason: 'status_refused' | 'redirect_refused' | 'too_large' | 'not_json' | 'shape_changed' | 'breaker_open' | 'unreadable' | 'timeout' | 'connection_refused' | 'connection_reset' | 'dns' | 'tls' | 'egress_denied' | 'proxy' | 'answer_invalid';
            readonly detail: string;
            /** Since when it has failed. */
            readonly since: string;
          } | null;
          readonly durationMs: number | null;
          readonly attempts: number | null;
        } | null;
        readonly types: ReadonlyArray<{
          /** A type's name; `identities`. */
          readonly name: string;
          readonly lastAttemptAt: string | null;
          readonly lastSuccessAt: string | null;
          readonly ageSeconds: number | null;
          /** Too old by the feed's `staleAfter`, or never had. */
          readonly stale: boolean;
          /** What it lists, the unresolved too, without the invalid. */
          readonly count: number;
          /** Without an employee. Of identities: remembered, though the feed does not name them now. */
          readonly unresolved: number;
          readonly invalid: number;
          readonly error: {
            readonly reason: 'status_refused' | 'redirect_refused' | 'too_large' | 'not_json' | 'shape_changed' | 'breaker_open' | 'unreadable' | 'timeout' | 'connection_refused' | 'connection_reset' | 'dns' | 'tls' | 'egress_denied' | 'proxy' | 'answer_invalid';
            readonly detail: string;
            /** Since when it has failed. */
            readonly since: string;
          } | null;
          readonly durationMs: number | null;
          readonly attempts: number | null;
        }>;
      }>;
      readonly incidents: number | null;
      readonly unresolved: number | null;
      readonly documentChangedAt: string | null;
      readonly documentAgeSeconds: number | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'unauthorized' | 'too_many_requests' | 'store_unavailable';
  };
  /** Incidents without an employee, newest first */
  'GET /api/v1/incidents/unresolved': {
    readonly input: {
      readonly query?: {
        /** Items a page. */
        readonly limit?: number | undefined;
        /** `nextCursor` of the page before. */
        readonly cursor?: string | undefined;
        /** The feed's id. */
        readonly feed?: string | undefined;
        /** As the feed calls it: `denial`. */
        readonly type?: string | undefined;
        /** What the feed lists now; false: what it does not any more. */
        readonly listed?: boolean | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly items: ReadonlyArray<{
        readonly id: string;
        readonly feed: string;
        readonly type: string;
        readonly priority: 'low' | 'medium' | 'high' | 'critical' | null;
        readonly timestamp: number | null;
        readonly occurredAt: string | null;
        readonly employee: string | null;
        readonly identity: 'stated' | 'current' | 'remembered' | null;
        readonly address: string | null;
        readonly sourceAddress: string | null;
        /** When the feed was first seen to list it. */
        readonly firstSeenAt: string;
        readonly lastSeenAt: string | null;
        /** The feed lists it now. */
        readonly listed: boolean;
        readonly attributedAt: string | null;
        readonly eventId: string | null;
      }>;
      /** Null on the last page. */
      readonly nextCursor: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'too_many_requests' | 'store_unavailable';
  };
  /** One incident with its record */
  'GET /api/v1/incidents/{id}': {
    readonly input: {
      readonly params: {
        readonly id: string;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly id: string;
      readonly feed: string;
      readonly type: string;
      readonly priority: 'low' | 'medium' | 'high' | 'critical' | null;
      readonly timestamp: number | null;
      readonly occurredAt: string | null;
      readonly employee: string | null;
      readonly identity: 'stated' | 'current' | 'remembered' | null;
      readonly address: string | null;
      readonly sourceAddress: string | null;
      /** When the feed was first seen to list it. */
      readonly firstSeenAt: string;
      readonly lastSeenAt: string | null;
      /** The feed lists it now. */
      readonly listed: boolean;
      readonly attributedAt: string | null;
      readonly eventId: string | null;
      readonly fault: 'not_an_object' | 'type_unknown' | 'priority_unknown' | 'timestamp_invalid' | 'too_long' | null;
      /** The record, parsed, to be read: numbers are doubles. Null where it is no JSON. What counts is `recordText`. */
      readonly record: unknown;
      /** The record's own text without blanks: exact, numbers as they came. */
      readonly recordText: string;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'not_found' | 'too_many_requests' | 'store_unavailable';
  };
  /** Matters of senders that tell beginnings and ends, those with the newest events first */
  'GET /api/v1/matters': {
    readonly input: {
      readonly query?: {
        /** Items a page. */
        readonly limit?: number | undefined;
        /** `nextCursor` of the page before. */
        readonly cursor?: string | undefined;
        readonly state?: 'open' | 'resolved' | undefined;
        /** At least this severity. */
        readonly severity?: 'unknown' | 'informational' | 'low' | 'medium' | 'high' | 'critical' | undefined;
        readonly source?: string | undefined;
        /** The subject's id. */
        readonly subject?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly items: ReadonlyArray<{
        readonly fingerprint: string;
        readonly source: string;
        readonly type: string;
        /** As its newest event says; so are type, title and subject. */
        readonly severity: 'unknown' | 'informational' | 'low' | 'medium' | 'high' | 'critical';
        readonly title: string;
        readonly subject: {
          readonly kind: string;
          readonly id: string;
          readonly name?: string | undefined;
        } | null;
        readonly state: 'open' | 'resolved';
        /** When what made it so happened, by the sender or, failing that, by its receipt. */
        readonly stateAt: string;
        /** When the first of its events happened. */
        readonly openedAt: string;
        readonly resolvedAt: string | null;
        /** When its last event was received. */
        readonly updatedAt: string;
        /** May be past retention. */
        readonly firstEvent: string;
        readonly lastEvent: string;
        /** Events ever told of it, those past retention among them. */
        readonly eventCount: number;
      }>;
      /** Null on the last page. */
      readonly nextCursor: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'too_many_requests' | 'store_unavailable';
  };
  /** One matter with its events, newest first */
  'GET /api/v1/matters/{fingerprint}': {
    readonly input: {
      readonly params: {
        readonly fingerprint: string;
      };
      readonly query?: {
        /** Items a page. */
        readonly limit?: number | undefined;
        /** `nextCursor` of the page before. */
        readonly cursor?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly fingerprint: string;
      readonly source: string;
      readonly type: string;
      /** As its newest event says; so are type, title and subject. */
      readonly severity: 'unknown' | 'informational' | 'low' | 'medium' | 'high' | 'critical';
      readonly title: string;
      readonly subject: {
        readonly kind: string;
        readonly id: string;
        readonly name?: string | undefined;
      } | null;
      readonly state: 'open' | 'resolved';
      /** When what made it so happened, by the sender or, failing that, by its receipt. */
      readonly stateAt: string;
      /** When the first of its events happened. */
      readonly openedAt: string;
      readonly resolvedAt: string | null;
      /** When its last event was received. */
      readonly updatedAt: string;
      /** May be past retention. */
      readonly firstEvent: string;
      readonly lastEvent: string;
      /** Events ever told of it, those past retention among them. */
      readonly eventCount: number;
      /** Newest first, a page of them. */
      readonly events: {
        readonly items: ReadonlyArray<{
          readonly id: string;
          readonly source: string;
          readonly type: string;
          readonly severity: 'unknown' | 'informational' | 'low' | 'medium' | 'high' | 'critical';
          readonly title: string;
          readonly occurredAt: string | null;
          /** When it was taken in. */
          readonly receivedAt: string;
          readonly subject: {
            readonly kind: string;
            readonly id: string;
            readonly name?: string | undefined;
          } | null;
          /** Shared by the events of one matter. */
          readonly fingerprint: string;
          readonly state: 'open' | 'resolved' | null;
          readonly labels: Readonly<Record<string, string>>;
          readonly observables: ReadonlyArray<{
            readonly kind: 'ip' | 'user' | 'url' | 'host';
            readonly value: string;
          }>;
          readonly geo: {
            readonly source: string | null;
            readonly destination: string | null;
            /** False when a side is in a country outside of its list. What is private or unknown is not disallowed. */
            readonly allowed: boolean;
          } | null;
          readonly link: string | null;
          /** It is about our own application. */
          readonly internal: boolean;
          /** No rule took it. */
          readonly unrouted: boolean;
          /** The sender's repeats that were absorbed. */
          readonly duplicates: number;
          readonly lastDuplicateAt: string | null;
          /** An operator has taken note of it. */
          readonly acknowledged: boolean;
        }>;
        /** Null on the last page. */
        readonly nextCursor: string | null;
      };
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'not_found' | 'too_many_requests' | 'store_unavailable';
  };
  /** Make a message that is read by its link */
  'POST /api/v1/messages': {
    readonly input: {
      readonly body: {
        /** The text, for whoever has the link. Or `sealed`. */
        readonly message?: string | undefined;
        /** What was encrypted before it came here. Or `message`. */
        readonly sealed?: {
          readonly version: 1;
          /** The envelope, base64url without padding. */
          readonly ciphertext: string;
          /** SHA-256 of the claim token's 32 bytes, base64url without padding. */
          readonly claim_hash: string;
        } | undefined;
        /** Its life in whole seconds; the bounds are at /api/v1/messages/limits. */
        readonly expires_in?: number | undefined;
        /** How many may read it. Absent: any number, until it expires. */
        readonly max_reads?: number | undefined;
      };
    };
    readonly status: 201;
    readonly answer: {
      /** A UUID. All that is needed to read a plain message. */
      readonly message_id: string;
      /** What receipts call it: made from the id, which cannot be found by it. */
      readonly reference: string;
      /** Where it is read. Of a sealed one the key belongs behind it, after `#`. */
      readonly url: string;
      readonly expires_at: string;
      readonly max_reads: number | null;
      /** Deletes it, as the header Tocsin-Delete-Token. It is in this answer only. */
      readonly delete_token: string;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'body_too_large' | 'media_type_unsupported' | 'too_many_requests' | 'store_unavailable' | 'store_full';
  };
  /** What messages may be like here */
  'GET /api/v1/messages/limits': {
    readonly input: Readonly<Record<never, never>>;
    readonly status: 200;
    readonly answer: {
      /** Bytes of one content: of a text as UTF-8, of a ciphertext its characters. */
      readonly bytes_max: number;
      /** Seconds. */
      readonly expires_in: {
        readonly min: number;
        readonly default: number;
        readonly max: number;
      };
      /** The most that `max_reads` may be. */
      readonly reads_max: number;
      /** Who may make messages. */
      readonly create: 'everyone' | 'operators';
    };
    /** The codes of its refusals. */
    readonly problems: 'too_many_requests';
  };
  /** What is known of a message, without its content; changes nothing */
  'GET /api/v1/messages/{id}': {
    readonly input: {
      readonly params: {
        readonly id: string;
      };
    };
    readonly status: 200;
    readonly answer: {
      /** A UUID. All that is needed to read a plain message. */
      readonly message_id: string;
      /** What receipts call it: made from the id, which cannot be found by it. */
      readonly reference: string;
      readonly sealed: boolean;
      /** Of the sealed format; absent of a plain one. */
      readonly version?: 1 | undefined;
      readonly max_reads: number | null;
      readonly reads_left: number | null;
      readonly created_at: string;
      readonly expires_at: string;
      /** Of its content. */
      readonly bytes: number;
    };
    /** The codes of its refusals. */
    readonly problems: 'not_found' | 'too_many_requests' | 'store_unavailable';
  };
  /** Delete a message: with its deletion token, or as an operator of the scope operate */
  'DELETE /api/v1/messages/{id}': {
    readonly input: {
      readonly params: {
        readonly id: string;
      };
    };
    readonly status: 204;
    readonly answer: undefined;
    /** The codes of its refusals. */
    readonly problems: 'unauthorized' | 'wrong_key' | 'not_found' | 'body_too_large' | 'too_many_requests' | 'store_unavailable';
  };
  /** Read a message, which counts; the last read that is left burns it */
  'POST /api/v1/messages/{id}/claim': {
    readonly input: {
      readonly params: {
        readonly id: string;
      };
      readonly body: {
        /** Of a sealed message, base64url without padding. A plain one needs none. */
        readonly claim_token?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      /** A UUID. All that is needed to read a plain message. */
      readonly message_id: string;
      readonly message: string;
      readonly reads_left: number | null;
    } | {
      /** A UUID. All that is needed to read a plain message. */
      readonly message_id: string;
      readonly sealed: {
        readonly version: 1;
        /** The envelope, base64url without padding. */
        readonly ciphertext: string;
      };
      readonly reads_left: number | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'wrong_key' | 'not_found' | 'body_too_large' | 'media_type_unsupported' | 'too_many_requests' | 'store_unavailable' | 'stopping';
  };
  /** This description, OpenAPI 3.1 */
  'GET /api/v1/openapi.json': {
    readonly input: Readonly<Record<never, never>>;
    readonly status: 200;
    readonly answer: unknown;
    /** The codes of its refusals. */
    readonly problems: 'too_many_requests';
  };
  /** Send again every delivery that matches and was not replayed yet */
  'POST /api/v1/replay': {
    readonly input: {
      readonly body: {
        /** From then on. RFC 3339. */
        readonly since?: string | undefined;
        /** Before then. RFC 3339. */
        readonly until?: string | undefined;
        readonly target?: string | undefined;
        readonly status?: 'delivered' | 'dead' | 'skipped' | undefined;
        readonly event?: string | undefined;
        readonly limit?: number | undefined;
        /** Only count. */
        readonly dryRun?: boolean | undefined;
      };
    };
    readonly status: 202;
    readonly answer: {
      /** Deliveries that the filter matched and that were not replayed yet. */
      readonly matched: number;
      /** New deliveries. Fewer than matched: past the limit, past retention, or their target is gone or disabled. */
      readonly replayed: number;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'body_too_large' | 'media_type_unsupported' | 'too_many_requests' | 'store_unavailable';
  };
  /** Every rule, in the order in which they are asked, with how many events it took of late */
  'GET /api/v1/rules': {
    readonly input: Readonly<Record<never, never>>;
    readonly status: 200;
    readonly answer: {
      readonly items: ReadonlyArray<{
        readonly id: string;
        /** `store`: made over the API, and changed there. */
        readonly origin: 'file' | 'store';
        /** From 1, in the order in which the rules are asked. */
        readonly position: number;
        /** The rule as it would stand in tocsin.yaml. */
        readonly settings: Readonly<Record<string, unknown>>;
        /** Events that it took, to five minutes and a few seconds late. */
        readonly matches: {
          readonly lastHour: number;
          readonly lastDay: number;
        };
        readonly updatedAt: string | null;
      }>;
      /** Where events go that no rule takes. */
      readonly default: {
        readonly targets: readonly string[];
        /** Events that it took, to five minutes and a few seconds late. */
        readonly matches: {
          readonly lastHour: number;
          readonly lastDay: number;
        };
      };
    };
    /** The codes of its refusals. */
    readonly problems: 'unauthorized' | 'too_many_requests' | 'store_unavailable';
  };
  /** What rules would have made of the last events: how many each took, and where they would have gone */
  'POST /api/v1/rules/dry-run': {
    readonly input: {
      readonly body: {
        /** Rules to try in place of all those in force, with their ids; for admins. Absent: those in force. */
        readonly rules?: ReadonlyArray<Readonly<Record<string, unknown>>> | undefined;
        /** So many events. */
        readonly last?: number | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      /** Events that were looked at. Fewer than asked for: there are no more, or it took too long. */
      readonly looked: number;
      readonly since: string | null;
      /** How many each rule would have taken. */
      readonly rules: ReadonlyArray<{
        readonly rule: string;
        readonly events: number;
      }>;
      readonly targets: ReadonlyArray<{
        readonly target: string;
        readonly events: number;
      }>;
      /** Taken by no rule, not even the default one. */
      readonly untaken: number;
      /** Those that would go elsewhere than by the rules in force. */
      readonly changed: number;
      /** Some of those. */
      readonly examples: ReadonlyArray<{
        readonly event: string;
        readonly title: string;
        readonly before: readonly string[];
        readonly after: readonly string[];
      }>;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'body_too_large' | 'media_type_unsupported' | 'config_faulty' | 'too_many_requests' | 'store_unavailable';
  };
  /** Put the rules that were made over the API into this order; those of the file are asked before */
  'POST /api/v1/rules/order': {
    readonly input: {
      readonly body: {
        /** Every rule that was made over the API, each once. */
        readonly rules: readonly string[];
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly rules: readonly string[];
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'conflict' | 'body_too_large' | 'media_type_unsupported' | 'too_many_requests' | 'store_unavailable';
  };
  /** Which rules take this event, and why */
  'POST /api/v1/rules/test': {
    readonly input: {
      readonly body: {
        /** An event; `source` and `type` are enough. */
        readonly event: unknown;
        /** Rules to try in place of all those in force, with their ids; for admins. Absent: those in force. */
        readonly rules?: ReadonlyArray<Readonly<Record<string, unknown>>> | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      /** Where the event would go. */
      readonly targets: readonly string[];
      readonly matched: ReadonlyArray<{
        readonly rule: string;
        readonly targets: readonly string[];
      }>;
      readonly rules: ReadonlyArray<{
        readonly rule: string;
        readonly result: 'matched' | 'not_matched' | 'skipped';
        readonly conditions: ReadonlyArray<{
          readonly field: string;
          /** In words: `>= high`. */
          readonly condition: string;
          /** The event's values of that field. */
          readonly actual: readonly string[];
          readonly holds: boolean;
        }>;
        readonly targets: readonly string[];
        readonly continue: boolean;
      }>;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'body_too_large' | 'media_type_unsupported' | 'config_faulty' | 'too_many_requests' | 'store_unavailable';
  };
  /** One rule. An `ETag` names its state, for `If-Match` */
  'GET /api/v1/rules/{id}': {
    readonly input: {
      readonly params: {
        /** The id of the rule. */
        readonly id: string;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly id: string;
      /** `store`: made over the API, and changed there. */
      readonly origin: 'file' | 'store';
      /** From 1, in the order in which the rules are asked. */
      readonly position: number;
      /** The rule as it would stand in tocsin.yaml. */
      readonly settings: Readonly<Record<string, unknown>>;
      /** Events that it took, to five minutes and a few seconds late. */
      readonly matches: {
        readonly lastHour: number;
        readonly lastDay: number;
      };
      readonly updatedAt: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'not_found' | 'too_many_requests' | 'store_unavailable';
  };
  /** Make a rule, or replace the one of this id. With `If-Match` only the state that you know; with `If-None-Match: *` only where there is none */
  'PUT /api/v1/rules/{id}': {
    readonly input: {
      readonly params: {
        /** The id of the rule. */
        readonly id: string;
      };
      readonly body: Readonly<Record<string, unknown>>;
    };
    readonly status: 200;
    readonly answer: {
      readonly id: string;
      /** `store`: made over the API, and changed there. */
      readonly origin: 'file' | 'store';
      /** From 1, in the order in which the rules are asked. */
      readonly position: number;
      /** The rule as it would stand in tocsin.yaml. */
      readonly settings: Readonly<Record<string, unknown>>;
      /** Events that it took, to five minutes and a few seconds late. */
      readonly matches: {
        readonly lastHour: number;
        readonly lastDay: number;
      };
      readonly updatedAt: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'not_found' | 'conflict' | 'precondition_failed' | 'body_too_large' | 'media_type_unsupported' | 'config_faulty' | 'too_many_requests' | 'store_unavailable';
  };
  /** Remove a rule that was made over the API. With `If-Match` only in the state that you know */
  'DELETE /api/v1/rules/{id}': {
    readonly input: {
      readonly params: {
        /** The id of the rule. */
        readonly id: string;
      };
    };
    readonly status: 204;
    readonly answer: undefined;
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'not_found' | 'conflict' | 'precondition_failed' | 'body_too_large' | 'too_many_requests' | 'store_unavailable';
  };
  /** Events that a rule took, or took while there was one; newest first. A page ends after 20000 events looked at, however few it has found */
  'GET /api/v1/rules/{id}/matches': {
    readonly input: {
      readonly params: {
        /** The id of the rule; `default` for what no rule took. */
        readonly id: string;
      };
      readonly query?: {
        /** Items a page. */
        readonly limit?: number | undefined;
        /** `nextCursor` of the page before. */
        readonly cursor?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly items: ReadonlyArray<{
        readonly id: string;
        readonly source: string;
        readonly type: string;
        readonly severity: 'unknown' | 'informational' | 'low' | 'medium' | 'high' | 'critical';
        readonly title: string;
        readonly occurredAt: string | null;
        /** When it was taken in. */
        readonly receivedAt: string;
        readonly subject: {
          readonly kind: string;
          readonly id: string;
          readonly name?: string | undefined;
        } | null;
        /** Shared by the events of one matter. */
        readonly fingerprint: string;
        readonly state: 'open' | 'resolved' | null;
        readonly labels: Readonly<Record<string, string>>;
        readonly observables: ReadonlyArray<{
          readonly kind: 'ip' | 'user' | 'url' | 'host';
          readonly value: string;
        }>;
        readonly geo: {
          readonly source: string | null;
          readonly destination: string | null;
          /** False when a side is in a country outside of its list. What is private or unknown is not disallowed. */
          readonly allowed: boolean;
        } | null;
        readonly link: string | null;
        /** It is about our own application. */
        readonly internal: boolean;
        /** No rule took it. */
        readonly unrouted: boolean;
        /** The sender's repeats that were absorbed. */
        readonly duplicates: number;
        readonly lastDuplicateAt: string | null;
        /** An operator has taken note of it. */
        readonly acknowledged: boolean;
      }>;
      /** Null on the last page. */
      readonly nextCursor: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'not_found' | 'too_many_requests' | 'store_unavailable';
  };
  /** Who is asking, and until when */
  'GET /api/v1/session': {
    readonly input: Readonly<Record<never, never>>;
    readonly status: 200;
    readonly answer: {
      readonly id: string;
      readonly name: string;
      readonly scope: 'read' | 'operate' | 'admin';
      readonly expiresAt: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'unauthorized' | 'too_many_requests' | 'store_unavailable';
  };
  /** Exchange the token for an HttpOnly cookie */
  'POST /api/v1/session': {
    readonly input: Readonly<Record<never, never>>;
    readonly status: 200;
    readonly answer: {
      readonly id: string;
      readonly name: string;
      readonly scope: 'read' | 'operate' | 'admin';
      readonly expiresAt: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'unauthorized' | 'forbidden' | 'body_too_large' | 'too_many_requests' | 'store_unavailable';
  };
  /** End the session: its cookie opens nothing any more */
  'DELETE /api/v1/session': {
    readonly input: Readonly<Record<never, never>>;
    readonly status: 204;
    readonly answer: undefined;
    /** The codes of its refusals. */
    readonly problems: 'unauthorized' | 'forbidden' | 'body_too_large' | 'too_many_requests' | 'store_unavailable';
  };
  /** Every source: its format, how it is proved, where it was configured */
  'GET /api/v1/sources': {
    readonly input: Readonly<Record<never, never>>;
    readonly status: 200;
    readonly answer: {
      readonly items: ReadonlyArray<{
        readonly id: string;
        readonly kind: string;
        /** `store`: made over the API, and changed there. */
        readonly origin: 'file' | 'store';
        readonly scheme: string | null;
        /** Where its sender sends to. */
        readonly path: string;
        readonly updatedAt: string | null;
      }>;
    };
    /** The codes of its refusals. */
    readonly problems: 'unauthorized' | 'too_many_requests' | 'store_unavailable';
  };
  /** One source. An `ETag` names its state, for `If-Match` */
  'GET /api/v1/sources/{id}': {
    readonly input: {
      readonly params: {
        /** The id of the source. */
        readonly id: string;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly id: string;
      readonly kind: string;
      /** `store`: made over the API, and changed there. */
      readonly origin: 'file' | 'store';
      readonly scheme: string | null;
      /** Where its sender sends to. */
      readonly path: string;
      readonly updatedAt: string | null;
      /** The member as it would stand in tocsin.yaml, complete with its defaults; secrets are `[secret]`. For admins alone, null for others. */
      readonly settings: Readonly<Record<string, unknown>> | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'not_found' | 'too_many_requests' | 'store_unavailable';
  };
  /** Notifications for a configured source, signed as its kind says */
  'POST /api/v1/sources/{id}': {
    readonly input: {
      readonly params: {
        /** The id of the source. */
        readonly id: string;
      };
      readonly body: unknown;
    };
    readonly status: 200;
    readonly answer: {
      readonly status: true;
    } | {
      readonly challenge: string;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'signature_invalid' | 'not_found' | 'body_too_large' | 'body_invalid' | 'too_many_requests' | 'proof_unavailable' | 'store_unavailable';
  };
  /** Make a source, or replace the one of this id. With `If-Match` only the state that you know; with `If-None-Match: *` only where there is none */
  'PUT /api/v1/sources/{id}': {
    readonly input: {
      readonly params: {
        /** The id of the source. */
        readonly id: string;
      };
      readonly body: Readonly<Record<string, unknown>>;
    };
    readonly status: 200;
    readonly answer: {
      readonly id: string;
      readonly kind: string;
      /** `store`: made over the API, and changed there. */
      readonly origin: 'file' | 'store';
      readonly scheme: string | null;
      /** Where its sender sends to. */
      readonly path: string;
      readonly updatedAt: string | null;
      /** The member as it would stand in tocsin.yaml, complete with its defaults; secrets are `[secret]`. For admins alone, null for others. */
      readonly settings: Readonly<Record<string, unknown>> | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'not_found' | 'conflict' | 'precondition_failed' | 'body_too_large' | 'media_type_unsupported' | 'config_faulty' | 'too_many_requests' | 'store_unavailable';
  };
  /** Remove a source that was made over the API. With `If-Match` only in the state that you know */
  'DELETE /api/v1/sources/{id}': {
    readonly input: {
      readonly params: {
        /** The id of the source. */
        readonly id: string;
      };
    };
    readonly status: 204;
    readonly answer: undefined;
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'not_found' | 'conflict' | 'precondition_failed' | 'body_too_large' | 'too_many_requests' | 'store_unavailable';
  };
  /** Every target: how it stands, and how it did in the last hour */
  'GET /api/v1/targets': {
    readonly input: Readonly<Record<never, never>>;
    readonly status: 200;
    readonly answer: {
      readonly items: ReadonlyArray<{
        readonly id: string;
        readonly kind: string;
        readonly origin: 'file' | 'store';
        readonly state: 'enabled' | 'paused' | 'disabled';
        readonly reason: string | null;
        readonly changedBy: string | null;
        readonly changedAt: string | null;
        readonly until: string | null;
        /** Why the replica asked sends nothing to it now. */
        readonly held: {
          readonly reason: 'target_missing' | 'target_disabled' | 'target_paused' | 'receiver_asked' | 'breaker_open' | 'rate_limited';
          readonly until: string | null;
        } | null;
        readonly rateLimit: string | null;
        readonly fallback: string | null;
        readonly health: {
          readonly delivered: number;
          /** Attempts that failed and are made again. */
          readonly failed: number;
          /** Attempts that ended a delivery for good. */
          readonly rejected: number;
          readonly successRate: number | null;
          readonly durationMs: {
            readonly p50: number;
            readonly p95: number;
          } | null;
          readonly lastSuccessAt: string | null;
          readonly lastFailureAt: string | null;
          readonly failingSince: string | null;
          readonly breaker: {
            /** Of the replica that is worst off; of others than the one asked as of a few seconds ago. */
            readonly state: 'closed' | 'open' | 'half_open';
            readonly until: string | null;
          };
          readonly pending: {
            readonly count: number;
            /** There are more: they are counted up to 10,000. */
            readonly isMore: boolean;
            readonly oldestAt: string | null;
          };
          /** Skipped, and not replayed yet. */
          readonly skipped: {
            readonly count: number;
            /** There are more: they are counted up to 10,000. */
            readonly isMore: boolean;
            readonly oldestAt: string | null;
          };
        };
      }>;
    };
    /** The codes of its refusals. */
    readonly problems: 'unauthorized' | 'too_many_requests' | 'store_unavailable';
  };
  /** What a target would send for an event if it were saved; nothing is saved or sent */
  'POST /api/v1/targets/preview': {
    readonly input: {
      readonly body: {
        /** A stored event. Absent: an example. */
        readonly event?: string | undefined;
        /** Of the example. Absent: informational. */
        readonly severity?: 'unknown' | 'informational' | 'low' | 'medium' | 'high' | 'critical' | undefined;
        /** What it will be called; of a target that is stored, its secrets are kept for `[secret]`. */
        readonly id?: string | undefined;
        /** The member as it would stand in tocsin.yaml, without its id. Secrets are given as they are; `[secret]` keeps the one that is stored. */
        readonly target: Readonly<Record<string, unknown>>;
      };
    };
    readonly status: 200;
    readonly answer: {
      /** Null of a kind that cannot tell. */
      readonly preview: {
        readonly mediaType: string;
        /** The first 65536 characters, without the target's secrets. */
        readonly text: string;
        readonly isCut: boolean;
        readonly fault: string | null;
      } | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'not_found' | 'body_too_large' | 'media_type_unsupported' | 'config_faulty' | 'too_many_requests' | 'store_unavailable';
  };
  /** Send one event to a target that is not saved, and answer with what came of it */
  'POST /api/v1/targets/test': {
    readonly input: {
      readonly body: {
        /** A stored event. Absent: an example. */
        readonly event?: string | undefined;
        /** Of the example. Absent: informational. */
        readonly severity?: 'unknown' | 'informational' | 'low' | 'medium' | 'high' | 'critical' | undefined;
        /** What it will be called; of a target that is stored, its secrets are kept for `[secret]`. */
        readonly id?: string | undefined;
        /** The member as it would stand in tocsin.yaml, without its id. Secrets are given as they are; `[secret]` keeps the one that is stored. */
        readonly target: Readonly<Record<string, unknown>>;
      };
    };
    readonly status: 200;
    readonly answer: {
      /** As the receiver saw it; it is in no list of deliveries. */
      readonly deliveryId: string;
      readonly event: {
        /** Of this test alone: it is not stored. */
        readonly id: string;
        readonly title: string;
        readonly severity: 'unknown' | 'informational' | 'low' | 'medium' | 'high' | 'critical';
      };
      /** `retry`: it failed and would be tried again; `rejected`: it never would. */
      readonly outcome: 'delivered' | 'retry' | 'rejected';
      readonly reason: string | null;
      readonly status: number | null;
      readonly answer: string | null;
      readonly durationMs: number;
      /** Null of a kind that cannot tell. */
      readonly preview: {
        readonly mediaType: string;
        /** The first 65536 characters, without the target's secrets. */
        readonly text: string;
        readonly isCut: boolean;
        readonly fault: string | null;
      } | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'not_found' | 'body_too_large' | 'media_type_unsupported' | 'config_faulty' | 'too_many_requests' | 'store_unavailable';
  };
  /** One target. An `ETag` names its state, for `If-Match` */
  'GET /api/v1/targets/{id}': {
    readonly input: {
      readonly params: {
        /** The id of the target. */
        readonly id: string;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly id: string;
      readonly kind: string;
      readonly origin: 'file' | 'store';
      readonly state: 'enabled' | 'paused' | 'disabled';
      readonly reason: string | null;
      readonly changedBy: string | null;
      readonly changedAt: string | null;
      readonly until: string | null;
      /** Why the replica asked sends nothing to it now. */
      readonly held: {
        readonly reason: 'target_missing' | 'target_disabled' | 'target_paused' | 'receiver_asked' | 'breaker_open' | 'rate_limited';
        readonly until: string | null;
      } | null;
      readonly rateLimit: string | null;
      readonly fallback: string | null;
      readonly health: {
        readonly delivered: number;
        /** Attempts that failed and are made again. */
        readonly failed: number;
        /** Attempts that ended a delivery for good. */
        readonly rejected: number;
        readonly successRate: number | null;
        readonly durationMs: {
          readonly p50: number;
          readonly p95: number;
        } | null;
        readonly lastSuccessAt: string | null;
        readonly lastFailureAt: string | null;
        readonly failingSince: string | null;
        readonly breaker: {
          /** Of the replica that is worst off; of others than the one asked as of a few seconds ago. */
          readonly state: 'closed' | 'open' | 'half_open';
          readonly until: string | null;
        };
        readonly pending: {
          readonly count: number;
          /** There are more: they are counted up to 10,000. */
          readonly isMore: boolean;
          readonly oldestAt: string | null;
        };
        /** Skipped, and not replayed yet. */
        readonly skipped: {
          readonly count: number;
          /** There are more: they are counted up to 10,000. */
          readonly isMore: boolean;
          readonly oldestAt: string | null;
        };
      };
      readonly updatedAt: string | null;
      /** The member as it would stand in tocsin.yaml, complete with its defaults; secrets are `[secret]`. For admins alone, null for others. */
      readonly settings: Readonly<Record<string, unknown>> | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'not_found' | 'too_many_requests' | 'store_unavailable';
  };
  /** Make a target, or replace the one of this id. With `If-Match` only the state that you know; with `If-None-Match: *` only where there is none */
  'PUT /api/v1/targets/{id}': {
    readonly input: {
      readonly params: {
        /** The id of the target. */
        readonly id: string;
      };
      readonly body: Readonly<Record<string, unknown>>;
    };
    readonly status: 200;
    readonly answer: {
      readonly id: string;
      readonly kind: string;
      readonly origin: 'file' | 'store';
      readonly state: 'enabled' | 'paused' | 'disabled';
      readonly reason: string | null;
      readonly changedBy: string | null;
      readonly changedAt: string | null;
      readonly until: string | null;
      /** Why the replica asked sends nothing to it now. */
      readonly held: {
        readonly reason: 'target_missing' | 'target_disabled' | 'target_paused' | 'receiver_asked' | 'breaker_open' | 'rate_limited';
        readonly until: string | null;
      } | null;
      readonly rateLimit: string | null;
      readonly fallback: string | null;
      readonly health: {
        readonly delivered: number;
        /** Attempts that failed and are made again. */
        readonly failed: number;
        /** Attempts that ended a delivery for good. */
        readonly rejected: number;
        readonly successRate: number | null;
        readonly durationMs: {
          readonly p50: number;
          readonly p95: number;
        } | null;
        readonly lastSuccessAt: string | null;
        readonly lastFailureAt: string | null;
        readonly failingSince: string | null;
        readonly breaker: {
          /** Of the replica that is worst off; of others than the one asked as of a few seconds ago. */
          readonly state: 'closed' | 'open' | 'half_open';
          readonly until: string | null;
        };
        readonly pending: {
          readonly count: number;
          /** There are more: they are counted up to 10,000. */
          readonly isMore: boolean;
          readonly oldestAt: string | null;
        };
        /** Skipped, and not replayed yet. */
        readonly skipped: {
          readonly count: number;
          /** There are more: they are counted up to 10,000. */
          readonly isMore: boolean;
          readonly oldestAt: string | null;
        };
      };
      readonly updatedAt: string | null;
      /** The member as it would stand in tocsin.yaml, complete with its defaults; secrets are `[secret]`. For admins alone, null for others. */
      readonly settings: Readonly<Record<string, unknown>> | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'not_found' | 'conflict' | 'precondition_failed' | 'body_too_large' | 'media_type_unsupported' | 'config_faulty' | 'too_many_requests' | 'store_unavailable';
  };
  /** Remove a target that was made over the API. With `If-Match` only in the state that you know */
  'DELETE /api/v1/targets/{id}': {
    readonly input: {
      readonly params: {
        /** The id of the target. */
        readonly id: string;
      };
    };
    readonly status: 204;
    readonly answer: undefined;
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'not_found' | 'conflict' | 'precondition_failed' | 'body_too_large' | 'too_many_requests' | 'store_unavailable';
  };
  /** Skip new deliveries, or give them to the fallback; hold those on their way */
  'POST /api/v1/targets/{id}/disable': {
    readonly input: {
      readonly params: {
        /** The id of the target. */
        readonly id: string;
      };
      readonly body: {
        /** Why, for the colleagues. */
        readonly reason?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly id: string;
      readonly kind: string;
      readonly origin: 'file' | 'store';
      readonly state: 'enabled' | 'paused' | 'disabled';
      readonly reason: string | null;
      readonly changedBy: string | null;
      readonly changedAt: string | null;
      readonly until: string | null;
      /** Why the replica asked sends nothing to it now. */
      readonly held: {
        readonly reason: 'target_missing' | 'target_disabled' | 'target_paused' | 'receiver_asked' | 'breaker_open' | 'rate_limited';
        readonly until: string | null;
      } | null;
      readonly rateLimit: string | null;
      readonly fallback: string | null;
      readonly health: {
        readonly delivered: number;
        /** Attempts that failed and are made again. */
        readonly failed: number;
        /** Attempts that ended a delivery for good. */
        readonly rejected: number;
        readonly successRate: number | null;
        readonly durationMs: {
          readonly p50: number;
          readonly p95: number;
        } | null;
        readonly lastSuccessAt: string | null;
        readonly lastFailureAt: string | null;
        readonly failingSince: string | null;
        readonly breaker: {
          /** Of the replica that is worst off; of others than the one asked as of a few seconds ago. */
          readonly state: 'closed' | 'open' | 'half_open';
          readonly until: string | null;
        };
        readonly pending: {
          readonly count: number;
          /** There are more: they are counted up to 10,000. */
          readonly isMore: boolean;
          readonly oldestAt: string | null;
        };
        /** Skipped, and not replayed yet. */
        readonly skipped: {
          readonly count: number;
          /** There are more: they are counted up to 10,000. */
          readonly isMore: boolean;
          readonly oldestAt: string | null;
        };
      };
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'not_found' | 'body_too_large' | 'media_type_unsupported' | 'too_many_requests' | 'store_unavailable';
  };
  /** Send again. What was skipped meanwhile is counted in `health.skipped`, to be replayed */
  'POST /api/v1/targets/{id}/enable': {
    readonly input: {
      readonly params: {
        /** The id of the target. */
        readonly id: string;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly id: string;
      readonly kind: string;
      readonly origin: 'file' | 'store';
      readonly state: 'enabled' | 'paused' | 'disabled';
      readonly reason: string | null;
      readonly changedBy: string | null;
      readonly changedAt: string | null;
      readonly until: string | null;
      /** Why the replica asked sends nothing to it now. */
      readonly held: {
        readonly reason: 'target_missing' | 'target_disabled' | 'target_paused' | 'receiver_asked' | 'breaker_open' | 'rate_limited';
        readonly until: string | null;
      } | null;
      readonly rateLimit: string | null;
      readonly fallback: string | null;
      readonly health: {
        readonly delivered: number;
        /** Attempts that failed and are made again. */
        readonly failed: number;
        /** Attempts that ended a delivery for good. */
        readonly rejected: number;
        readonly successRate: number | null;
        readonly durationMs: {
          readonly p50: number;
          readonly p95: number;
        } | null;
        readonly lastSuccessAt: string | null;
        readonly lastFailureAt: string | null;
        readonly failingSince: string | null;
        readonly breaker: {
          /** Of the replica that is worst off; of others than the one asked as of a few seconds ago. */
          readonly state: 'closed' | 'open' | 'half_open';
          readonly until: string | null;
        };
        readonly pending: {
          readonly count: number;
          /** There are more: they are counted up to 10,000. */
          readonly isMore: boolean;
          readonly oldestAt: string | null;
        };
        /** Skipped, and not replayed yet. */
        readonly skipped: {
          readonly count: number;
          /** There are more: they are counted up to 10,000. */
          readonly isMore: boolean;
          readonly oldestAt: string | null;
        };
      };
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'not_found' | 'body_too_large' | 'too_many_requests' | 'store_unavailable';
  };
  /** Hold its deliveries until it is resumed, or for a time */
  'POST /api/v1/targets/{id}/pause': {
    readonly input: {
      readonly params: {
        /** The id of the target. */
        readonly id: string;
      };
      readonly body: {
        /** Why, for the colleagues. */
        readonly reason?: string | undefined;
        /** Before then. RFC 3339. */
        readonly until?: string | undefined;
        /** It ends by itself after that; instead of `until`. */
        readonly for?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly id: string;
      readonly kind: string;
      readonly origin: 'file' | 'store';
      readonly state: 'enabled' | 'paused' | 'disabled';
      readonly reason: string | null;
      readonly changedBy: string | null;
      readonly changedAt: string | null;
      readonly until: string | null;
      /** Why the replica asked sends nothing to it now. */
      readonly held: {
        readonly reason: 'target_missing' | 'target_disabled' | 'target_paused' | 'receiver_asked' | 'breaker_open' | 'rate_limited';
        readonly until: string | null;
      } | null;
      readonly rateLimit: string | null;
      readonly fallback: string | null;
      readonly health: {
        readonly delivered: number;
        /** Attempts that failed and are made again. */
        readonly failed: number;
        /** Attempts that ended a delivery for good. */
        readonly rejected: number;
        readonly successRate: number | null;
        readonly durationMs: {
          readonly p50: number;
          readonly p95: number;
        } | null;
        readonly lastSuccessAt: string | null;
        readonly lastFailureAt: string | null;
        readonly failingSince: string | null;
        readonly breaker: {
          /** Of the replica that is worst off; of others than the one asked as of a few seconds ago. */
          readonly state: 'closed' | 'open' | 'half_open';
          readonly until: string | null;
        };
        readonly pending: {
          readonly count: number;
          /** There are more: they are counted up to 10,000. */
          readonly isMore: boolean;
          readonly oldestAt: string | null;
        };
        /** Skipped, and not replayed yet. */
        readonly skipped: {
          readonly count: number;
          /** There are more: they are counted up to 10,000. */
          readonly isMore: boolean;
          readonly oldestAt: string | null;
        };
      };
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'not_found' | 'conflict' | 'body_too_large' | 'media_type_unsupported' | 'too_many_requests' | 'store_unavailable';
  };
  /** What it would send for an event; nothing is sent */
  'POST /api/v1/targets/{id}/preview': {
    readonly input: {
      readonly params: {
        /** The id of the target. */
        readonly id: string;
      };
      readonly body: {
        /** A stored event. Absent: an example. */
        readonly event?: string | undefined;
        /** Of the example. Absent: informational. */
        readonly severity?: 'unknown' | 'informational' | 'low' | 'medium' | 'high' | 'critical' | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      /** Null of a kind that cannot tell. */
      readonly preview: {
        readonly mediaType: string;
        /** The first 65536 characters, without the target's secrets. */
        readonly text: string;
        readonly isCut: boolean;
        readonly fault: string | null;
      } | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'not_found' | 'body_too_large' | 'media_type_unsupported' | 'too_many_requests' | 'store_unavailable';
  };
  /** End a pause, a breaker's pause, and what a Retry-After holds */
  'POST /api/v1/targets/{id}/resume': {
    readonly input: {
      readonly params: {
        /** The id of the target. */
        readonly id: string;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly id: string;
      readonly kind: string;
      readonly origin: 'file' | 'store';
      readonly state: 'enabled' | 'paused' | 'disabled';
      readonly reason: string | null;
      readonly changedBy: string | null;
      readonly changedAt: string | null;
      readonly until: string | null;
      /** Why the replica asked sends nothing to it now. */
      readonly held: {
        readonly reason: 'target_missing' | 'target_disabled' | 'target_paused' | 'receiver_asked' | 'breaker_open' | 'rate_limited';
        readonly until: string | null;
      } | null;
      readonly rateLimit: string | null;
      readonly fallback: string | null;
      readonly health: {
        readonly delivered: number;
        /** Attempts that failed and are made again. */
        readonly failed: number;
        /** Attempts that ended a delivery for good. */
        readonly rejected: number;
        readonly successRate: number | null;
        readonly durationMs: {
          readonly p50: number;
          readonly p95: number;
        } | null;
        readonly lastSuccessAt: string | null;
        readonly lastFailureAt: string | null;
        readonly failingSince: string | null;
        readonly breaker: {
          /** Of the replica that is worst off; of others than the one asked as of a few seconds ago. */
          readonly state: 'closed' | 'open' | 'half_open';
          readonly until: string | null;
        };
        readonly pending: {
          readonly count: number;
          /** There are more: they are counted up to 10,000. */
          readonly isMore: boolean;
          readonly oldestAt: string | null;
        };
        /** Skipped, and not replayed yet. */
        readonly skipped: {
          readonly count: number;
          /** There are more: they are counted up to 10,000. */
          readonly isMore: boolean;
          readonly oldestAt: string | null;
        };
      };
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'not_found' | 'conflict' | 'body_too_large' | 'too_many_requests' | 'store_unavailable';
  };
  /** Send it one event that says that it is a test, and answer with what came of it */
  'POST /api/v1/targets/{id}/test': {
    readonly input: {
      readonly params: {
        /** The id of the target. */
        readonly id: string;
      };
      readonly body: {
        /** A stored event. Absent: an example. */
        readonly event?: string | undefined;
        /** Of the example. Absent: informational. */
        readonly severity?: 'unknown' | 'informational' | 'low' | 'medium' | 'high' | 'critical' | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      /** As the receiver saw it; it is in no list of deliveries. */
      readonly deliveryId: string;
      readonly event: {
        /** Of this test alone: it is not stored. */
        readonly id: string;
        readonly title: string;
        readonly severity: 'unknown' | 'informational' | 'low' | 'medium' | 'high' | 'critical';
      };
      /** `retry`: it failed and would be tried again; `rejected`: it never would. */
      readonly outcome: 'delivered' | 'retry' | 'rejected';
      readonly reason: string | null;
      readonly status: number | null;
      readonly answer: string | null;
      readonly durationMs: number;
      /** Null of a kind that cannot tell. */
      readonly preview: {
        readonly mediaType: string;
        /** The first 65536 characters, without the target's secrets. */
        readonly text: string;
        readonly isCut: boolean;
        readonly fault: string | null;
      } | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'not_found' | 'body_too_large' | 'media_type_unsupported' | 'too_many_requests' | 'store_unavailable';
  };
  /** Every token that was not revoked; never a secret */
  'GET /api/v1/tokens': {
    readonly input: Readonly<Record<never, never>>;
    readonly status: 200;
    readonly answer: {
      readonly items: ReadonlyArray<{
        readonly id: string;
        readonly name: string;
        readonly scope: 'read' | 'operate' | 'admin';
        /** `settings`: TOCSIN_TOKEN; it is changed there. */
        readonly origin: 'store' | 'settings';
        readonly state: 'active' | 'expired';
        readonly createdAt: string | null;
        readonly createdBy: string | null;
        readonly expiresAt: string | null;
        readonly rotatedAt: string | null;
        readonly previousUntil: string | null;
        readonly lastUsedAt: string | null;
      }>;
    };
    /** The codes of its refusals. */
    readonly problems: 'unauthorized' | 'forbidden' | 'too_many_requests' | 'store_unavailable';
  };
  /** Make a token; its secret is in this answer only */
  'POST /api/v1/tokens': {
    readonly input: {
      readonly body: {
        /** Who or what it is for. */
        readonly name: string;
        readonly scope: 'read' | 'operate' | 'admin';
        /** `90d`. Absent: it has no end. */
        readonly expiresIn?: string | undefined;
      };
    };
    readonly status: 201;
    readonly answer: {
      readonly id: string;
      readonly name: string;
      readonly scope: 'read' | 'operate' | 'admin';
      /** `settings`: TOCSIN_TOKEN; it is changed there. */
      readonly origin: 'store' | 'settings';
      readonly state: 'active' | 'expired';
      readonly createdAt: string | null;
      readonly createdBy: string | null;
      readonly expiresAt: string | null;
      readonly rotatedAt: string | null;
      readonly previousUntil: string | null;
      readonly lastUsedAt: string | null;
      /** The token itself. It is shown this once and kept nowhere. */
      readonly secret: string;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'conflict' | 'body_too_large' | 'media_type_unsupported' | 'too_many_requests' | 'store_unavailable';
  };
  /** End a token, and the sessions opened with it, for good */
  'DELETE /api/v1/tokens/{id}': {
    readonly input: {
      readonly params: {
        readonly id: string;
      };
    };
    readonly status: 204;
    readonly answer: undefined;
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'not_found' | 'conflict' | 'body_too_large' | 'too_many_requests' | 'store_unavailable';
  };
  /** Give a token a new secret; it is in this answer only */
  'POST /api/v1/tokens/{id}/rotate': {
    readonly input: {
      readonly params: {
        readonly id: string;
      };
      readonly body: {
        /** For so long the secret before is valid still, 30 days at most. */
        readonly grace?: string | undefined;
        /** From now. Absent: a token with an end gets as long again as it had. */
        readonly expiresIn?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly id: string;
      readonly name: string;
      readonly scope: 'read' | 'operate' | 'admin';
      /** `settings`: TOCSIN_TOKEN; it is changed there. */
      readonly origin: 'store' | 'settings';
      readonly state: 'active' | 'expired';
      readonly createdAt: string | null;
      readonly createdBy: string | null;
      readonly expiresAt: string | null;
      readonly rotatedAt: string | null;
      readonly previousUntil: string | null;
      readonly lastUsedAt: string | null;
      /** The token itself. It is shown this once and kept nowhere. */
      readonly secret: string;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'not_found' | 'conflict' | 'body_too_large' | 'media_type_unsupported' | 'too_many_requests' | 'store_unavailable';
  };
  /** What the feeds list now, by employee and priority */
  'GET /incidents': {
    readonly input: Readonly<Record<never, never>>;
    readonly status: 200;
    readonly answer: Readonly<Record<string, {
      readonly low: {
        readonly count: number;
        /** The feed's own records and their type, by timestamp, oldest first. */
        readonly incidents: ReadonlyArray<{
          readonly type: string;
          readonly priority: 'low' | 'medium' | 'high' | 'critical';
          readonly timestamp: number;
        }>;
      };
      readonly medium: {
        readonly count: number;
        /** The feed's own records and their type, by timestamp, oldest first. */
        readonly incidents: ReadonlyArray<{
          readonly type: string;
          readonly priority: 'low' | 'medium' | 'high' | 'critical';
          readonly timestamp: number;
        }>;
      };
      readonly high: {
        readonly count: number;
        /** The feed's own records and their type, by timestamp, oldest first. */
        readonly incidents: ReadonlyArray<{
          readonly type: string;
          readonly priority: 'low' | 'medium' | 'high' | 'critical';
          readonly timestamp: number;
        }>;
      };
      readonly critical: {
        readonly count: number;
        /** The feed's own records and their type, by timestamp, oldest first. */
        readonly incidents: ReadonlyArray<{
          readonly type: string;
          readonly priority: 'low' | 'medium' | 'high' | 'critical';
          readonly timestamp: number;
        }>;
      };
    }>>;
    /** The codes of its refusals. */
    readonly problems: 'unauthorized' | 'too_many_requests' | 'feed_off' | 'feed_cold' | 'store_unavailable';
  };
  /** The process answers */
  'GET /livez': {
    readonly input: Readonly<Record<never, never>>;
    readonly status: 200;
    readonly answer: {
      readonly status: 'ok';
    };
    /** The codes of its refusals. */
    readonly problems: never;
  };
  /** Metrics in Prometheus's text format */
  'GET /metrics': {
    readonly input: Readonly<Record<never, never>>;
    readonly status: 200;
    readonly answer: string;
    /** The codes of its refusals. */
    readonly problems: 'unauthorized' | 'too_many_requests' | 'store_unavailable';
  };
  /** The text of a message that any number may read; changes nothing */
  'GET /msg/{id}': {
    readonly input: {
      readonly params: {
        readonly id: string;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly message: string;
      readonly status: 200;
    };
    /** The codes of its refusals. */
    readonly problems: 'not_found' | 'conflict' | 'too_many_requests' | 'store_unavailable';
  };
  /** The store can be written to */
  'GET /readyz': {
    readonly input: Readonly<Record<never, never>>;
    readonly status: 200;
    readonly answer: {
      readonly status: 'ok';
    };
    /** The codes of its refusals. */
    readonly problems: 'store_unavailable' | 'stopping';
  };
  /** The countries that events may come from (source), or go to (destination) */
  'GET /v1/countries': {
    readonly input: {
      readonly query?: {
        /** Must be there: `source` or `destination`. Of several the first one counts. */
        readonly target?: unknown | undefined;
      };
    };
    readonly status: 200;
    readonly answer: ReadonlyArray<{
      /** ISO 3166-1 alpha-2. */
      readonly isoCode: string;
      readonly name: string;
    }>;
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'too_many_requests';
  };
  /** Sqreen notifications, signed by X-Sqreen-Integrity */
  'POST /v1/webhook': {
    readonly input: {
      readonly body: unknown;
    };
    readonly status: 200;
    readonly answer: {
      readonly status: true;
    } | {
      readonly challenge: string;
    };
    /** The codes of its refusals. */
    readonly problems: 'signature_invalid' | 'body_too_large' | 'body_invalid' | 'too_many_requests' | 'proof_unavailable' | 'store_unavailable' | 'source_off';
  };
}
