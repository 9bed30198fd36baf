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
  /** The AWS accounts that are configured, each with its last scan */
  'GET /api/v1/accounts': {
    readonly input: Readonly<Record<never, never>>;
    readonly status: 200;
    readonly answer: {
      readonly items: ReadonlyArray<{
        /** As the config names it. */
        readonly id: string;
        readonly region: string;
        /** Where its credentials come from. */
        readonly credentials: string;
        readonly roleArn: string | null;
        readonly regions: readonly string[] | null;
        readonly scanEverySeconds: number | null;
        readonly lastScan: {
          readonly id: string;
          readonly state: 'requested' | 'running' | 'done' | 'failed' | 'cancelled' | 'abandoned';
          readonly account: string | null;
          readonly accountId: string | null;
          readonly trigger: 'schedule' | 'request';
          readonly requestedBy: string;
          readonly regions: readonly string[] | null;
          readonly requestedAt: string;
          readonly startedAt: string | null;
          readonly endedAt: string | null;
          readonly progress: {
            readonly phase: 'waiting' | 'reading' | 'judging' | 'recording' | 'over';
            /** Steps of this phase as far as they are known. */
            readonly steps: number;
            /** Those of them that are done. */
            readonly done: number;
            /** Calls made to AWS. */
            readonly calls: number;
            readonly opened: number;
            readonly resolved: number;
          };
          readonly tally: {
            readonly open: {
              readonly informational: number;
              readonly low: number;
              readonly medium: number;
              readonly high: number;
              readonly critical: number;
            };
            readonly muted: number;
            readonly opened: number;
            readonly worse: number;
            readonly resolved: number;
          } | null;
          readonly detail: string | null;
        } | null;
      }>;
    };
    /** The codes of its refusals. */
    readonly problems: 'unauthorized' | 'too_many_requests' | 'store_unavailable';
  };
  /** The least-privilege IAM policy: what the checks and the API read, and nothing else */
  'GET /api/v1/accounts/policy': {
    readonly input: Readonly<Record<never, never>>;
    readonly status: 200;
    readonly answer: {
      readonly Version: string;
      readonly Statement: ReadonlyArray<{
        readonly Sid: string;
        readonly Effect: string;
        readonly Resource: string;
        readonly Action: readonly string[];
      }>;
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
  /** Log in with AWS keys, for an HttpOnly cookie */
  'POST /api/v1/auth/login': {
    readonly input: {
      readonly body: {
        /** The access key id. */
        readonly aws_access_key_id: string;
        /** Its secret. */
        readonly aws_secret_access_key: string;
        /** With temporary keys. */
        readonly aws_session_token?: string | undefined;
        /** Where questions go that name no region: us-west-2. */
        readonly aws_region?: string | undefined;
        /** A role to assume with the keys. */
        readonly role_arn?: string | undefined;
        /** What the role's trust policy asks for. */
        readonly external_id?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      /** When it ends by itself. */
      readonly expires_at: string;
      /** Twelve digits. */
      readonly account_id: string;
      /** Whose keys they are, or the role that they took. */
      readonly arn: string;
      /** Where questions go that name no region. */
      readonly region: string;
      readonly role_arn: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'aws_refused' | 'forbidden' | 'tls_needed' | 'body_too_large' | 'media_type_unsupported' | 'region_unknown' | 'too_many_requests' | 'aws_unreachable' | 'aws_failed' | 'aws_off' | 'aws_throttled' | 'store_unavailable';
  };
  /** End the AWS session, and forget all that was read with it */
  'POST /api/v1/auth/logout': {
    readonly input: Readonly<Record<never, never>>;
    readonly status: 204;
    readonly answer: undefined;
    /** The codes of its refusals. */
    readonly problems: 'forbidden' | 'body_too_large' | 'too_many_requests' | 'store_unavailable';
  };
  /** Who is logged in to AWS, and until when */
  'GET /api/v1/auth/session': {
    readonly input: Readonly<Record<never, never>>;
    readonly status: 200;
    readonly answer: {
      /** When it ends by itself. */
      readonly expires_at: string;
      /** Twelve digits. */
      readonly account_id: string;
      /** Whose keys they are, or the role that they took. */
      readonly arn: string;
      /** Where questions go that name no region. */
      readonly region: string;
      readonly role_arn: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'unauthorized' | 'aws_no_account' | 'too_many_requests' | 'store_unavailable';
  };
  /** The regions that the account has enabled */
  'GET /api/v1/aws/regions': {
    readonly input: {
      readonly query?: {
        /** A configured account, for operators. Absent: the session, or the only one. */
        readonly account?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      /** Those that the account has enabled. */
      readonly regions: ReadonlyArray<{
        readonly region_name: string;
      }>;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'aws_refused' | 'unauthorized' | 'aws_denied' | 'aws_no_account' | 'too_many_requests' | 'aws_unreachable' | 'aws_failed' | 'aws_throttled' | 'store_unavailable';
  };
  /** What AWS accounts are checked for, with the controls that each check is for */
  'GET /api/v1/checks': {
    readonly input: Readonly<Record<never, never>>;
    readonly status: 200;
    readonly answer: {
      readonly items: ReadonlyArray<{
        readonly id: string;
        readonly service: 'ecs' | 's3' | 'ebs' | 'net';
        /** What is asserted: true where it passes. */
        readonly title: string;
        /** Of a failure, unless it says its own. */
        readonly severity: 'informational' | 'low' | 'medium' | 'high' | 'critical';
        readonly why: string;
        readonly fix: {
          readonly console: string;
          readonly cli: string;
        };
        readonly references: readonly string[];
        readonly controls: ReadonlyArray<{
          /** `aws-fsbp` (Security Hub), `cis-aws`. */
          readonly framework: string;
          readonly version: string;
          readonly control: string;
        }>;
        /** What IAM must allow for it. */
        readonly actions: readonly string[];
      }>;
    };
    /** The codes of its refusals. */
    readonly problems: 'unauthorized' | 'too_many_requests' | 'store_unavailable';
  };
  /** One check: what it asserts, why it matters, how to mend it */
  'GET /api/v1/checks/{id}': {
    readonly input: {
      readonly params: {
        readonly id: string;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly id: string;
      readonly service: 'ecs' | 's3' | 'ebs' | 'net';
      /** What is asserted: true where it passes. */
      readonly title: string;
      /** Of a failure, unless it says its own. */
      readonly severity: 'informational' | 'low' | 'medium' | 'high' | 'critical';
      readonly why: string;
      readonly fix: {
        readonly console: string;
        readonly cli: string;
      };
      readonly references: readonly string[];
      readonly controls: ReadonlyArray<{
        /** `aws-fsbp` (Security Hub), `cis-aws`. */
        readonly framework: string;
        readonly version: string;
        readonly control: string;
      }>;
      /** What IAM must allow for it. */
      readonly actions: readonly string[];
    };
    /** The codes of its refusals. */
    readonly problems: 'unauthorized' | 'not_found' | 'too_many_requests' | 'store_unavailable';
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
  /** An account in sixteen figures: of one region, S3 of all */
  'GET /api/v1/dashboard/summary': {
    readonly input: {
      readonly query?: {
        /** A configured account, for operators. Absent: the session, or the only one. */
        readonly account?: string | undefined;
        /** Absent: that of the session or account. */
        readonly region?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly summary: {
        readonly ecs: {
          readonly total_clusters: number | null;
          readonly total_services: number | null;
          readonly total_tasks: number | null;
          readonly unhealthy_services: number | null;
        };
        readonly s3: {
          readonly total_buckets: number | null;
          readonly total_storage_gb: number | null;
          readonly buckets_without_encryption: number | null;
          readonly publicly_accessible_buckets: number | null;
        };
        readonly ebs: {
          readonly total_volumes: number | null;
          readonly total_storage_gb: number | null;
          readonly unattached_volumes: number | null;
          readonly unencrypted_volumes: number | null;
        };
        readonly network: {
          readonly total_vpcs: number | null;
          readonly total_subnets: number | null;
          readonly security_groups_with_open_ssh: number | null;
          readonly route_tables: number | null;
        };
      };
      readonly region: string;
      readonly unreadable?: ReadonlyArray<{
        /** Whose value is missing, dots between levels (`ecs.total_tasks`); the name of the list itself for what of it is missing. */
        readonly member: string;
        /** What IAM calls the read that failed: `ecs:ListServices`. */
        readonly action: string;
        /** `global` for what has no region. */
        readonly region: string;
        readonly reason: 'denied' | 'throttled' | 'missing' | 'refused' | 'unreachable' | 'failed';
      }> | undefined;
      readonly findings: {
        readonly informational: number;
        readonly low: number;
        readonly medium: number;
        readonly high: number;
        readonly critical: number;
      } | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'aws_refused' | 'unauthorized' | 'aws_denied' | 'aws_no_account' | 'too_many_requests' | 'aws_unreachable' | 'aws_failed' | 'aws_throttled' | 'store_unavailable';
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
  /** EBS snapshots that the account owns, and whether everybody may restore them */
  'GET /api/v1/ebs/snapshots': {
    readonly input: {
      readonly query?: {
        /** A configured account, for operators. Absent: the session, or the only one. */
        readonly account?: string | undefined;
        /** Or `all`, which is every one that is enabled. Absent: that of the session or account. */
        readonly region?: string | undefined;
        /** Occurs in the name or the id, whatever the case. */
        readonly q?: string | undefined;
        /** Items a page. Absent: all. */
        readonly limit?: number | undefined;
        /** `next_cursor` of the page before. */
        readonly cursor?: string | undefined;
        /** `completed`, `pending`, `error`, … */
        readonly state?: string | undefined;
        /** Whether it is encrypted. */
        readonly encrypted?: boolean | undefined;
        /** Whether everybody may restore it. */
        readonly public?: boolean | undefined;
        /** Those of a volume. */
        readonly volume_id?: string | undefined;
        /** `standard`, `archive`. */
        readonly storage_tier?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly snapshots: ReadonlyArray<{
        readonly snapshot_id: string;
        readonly volume_id: string | null;
        /** GiB. */
        readonly size: number;
        readonly state: string;
        readonly encrypted: boolean;
        readonly started_at: string | null;
        readonly storage_tier: string;
        readonly description: string;
        readonly public: boolean | null;
        readonly shared_with_all: boolean | null;
        readonly region: string;
        readonly name: string | null;
        readonly tags: Readonly<Record<string, string>>;
        readonly unreadable?: ReadonlyArray<{
          /** Whose value is missing, dots between levels (`ecs.total_tasks`); the name of the list itself for what of it is missing. */
          readonly member: string;
          /** What IAM calls the read that failed: `ecs:ListServices`. */
          readonly action: string;
          /** `global` for what has no region. */
          readonly region: string;
          readonly reason: 'denied' | 'throttled' | 'missing' | 'refused' | 'unreachable' | 'failed';
        }> | undefined;
      }>;
      readonly unreadable?: ReadonlyArray<{
        /** Whose value is missing, dots between levels (`ecs.total_tasks`); the name of the list itself for what of it is missing. */
        readonly member: string;
        /** What IAM calls the read that failed: `ecs:ListServices`. */
        readonly action: string;
        /** `global` for what has no region. */
        readonly region: string;
        readonly reason: 'denied' | 'throttled' | 'missing' | 'refused' | 'unreachable' | 'failed';
      }> | undefined;
      /** How many match, over all pages. */
      readonly total: number;
      readonly next_cursor: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'aws_refused' | 'unauthorized' | 'aws_denied' | 'aws_no_account' | 'too_many_requests' | 'aws_unreachable' | 'aws_failed' | 'aws_throttled' | 'store_unavailable';
  };
  /** EBS volumes, with what they are attached to */
  'GET /api/v1/ebs/volumes': {
    readonly input: {
      readonly query?: {
        /** A configured account, for operators. Absent: the session, or the only one. */
        readonly account?: string | undefined;
        /** Or `all`, which is every one that is enabled. Absent: that of the session or account. */
        readonly region?: string | undefined;
        /** Occurs in the name or the id, whatever the case. */
        readonly q?: string | undefined;
        /** Items a page. Absent: all. */
        readonly limit?: number | undefined;
        /** `next_cursor` of the page before. */
        readonly cursor?: string | undefined;
        /** `in-use`, `available`, … */
        readonly state?: string | undefined;
        /** `gp3`, `io2`, … */
        readonly volume_type?: string | undefined;
        /** Whether what is on it is encrypted. */
        readonly encrypted?: boolean | undefined;
        /** `ok`, `warning`, `impaired`, `insufficient-data`. */
        readonly status?: string | undefined;
        /** The id of an instance; `null`: of none. */
        readonly attached_instance?: string | undefined;
        /** `us-west-2a`. */
        readonly availability_zone?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly volumes: ReadonlyArray<{
        readonly volume_id: string;
        /** GiB. */
        readonly size: number;
        readonly volume_type: string;
        readonly state: string;
        readonly iops: number | null;
        readonly throughput: number | null;
        readonly attached_instance: string | null;
        readonly device: string | null;
        readonly availability_zone: string;
        readonly encrypted: boolean;
        readonly region: string;
        readonly name: string | null;
        readonly status: string | null;
        readonly status_details: {
          /** `io-enabled`: `passed`. */
          readonly checks: Readonly<Record<string, string>>;
          readonly events: readonly string[];
          readonly actions: readonly string[];
        } | null;
        readonly kms_key_id: string | null;
        readonly created_at: string | null;
        readonly snapshot_id: string | null;
        readonly multi_attach: boolean;
        readonly attachments: ReadonlyArray<{
          readonly instance_id: string;
          readonly device: string;
          readonly state: string;
          readonly attached_at: string | null;
          readonly delete_on_termination: boolean;
        }>;
        readonly tags: Readonly<Record<string, string>>;
        readonly unreadable?: ReadonlyArray<{
          /** Whose value is missing, dots between levels (`ecs.total_tasks`); the name of the list itself for what of it is missing. */
          readonly member: string;
          /** What IAM calls the read that failed: `ecs:ListServices`. */
          readonly action: string;
          /** `global` for what has no region. */
          readonly region: string;
          readonly reason: 'denied' | 'throttled' | 'missing' | 'refused' | 'unreachable' | 'failed';
        }> | undefined;
      }>;
      readonly unreadable?: ReadonlyArray<{
        /** Whose value is missing, dots between levels (`ecs.total_tasks`); the name of the list itself for what of it is missing. */
        readonly member: string;
        /** What IAM calls the read that failed: `ecs:ListServices`. */
        readonly action: string;
        /** `global` for what has no region. */
        readonly region: string;
        readonly reason: 'denied' | 'throttled' | 'missing' | 'refused' | 'unreachable' | 'failed';
      }> | undefined;
      /** How many match, over all pages. */
      readonly total: number;
      readonly next_cursor: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'aws_refused' | 'unauthorized' | 'aws_denied' | 'aws_no_account' | 'too_many_requests' | 'aws_unreachable' | 'aws_failed' | 'aws_throttled' | 'store_unavailable';
  };
  /** What a volume did: operations, bytes, and the length of its queue */
  'GET /api/v1/ebs/volumes/{volume_id}/metrics': {
    readonly input: {
      readonly params: {
        readonly volume_id: string;
      };
      readonly query?: {
        /** A configured account, for operators. Absent: the session, or the only one. */
        readonly account?: string | undefined;
        /** Absent: that of the session or account. */
        readonly region?: string | undefined;
        /** Seconds, a multiple of 60: 3600. At most 1440 points. */
        readonly period?: string | undefined;
        /** Absent: 24 hours before the end. RFC 3339, or Unix time in seconds or milliseconds. */
        readonly start_time?: string | undefined;
        /** Absent: now. RFC 3339, or Unix time in seconds or milliseconds. */
        readonly end_time?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly volume_id: string;
      readonly region: string;
      /** Seconds; longer than asked for where AWS keeps no finer figures. */
      readonly period: number;
      readonly start_time: string;
      readonly end_time: string;
      readonly metrics: {
        readonly read_ops: ReadonlyArray<{
          /** Where its period begins. */
          readonly timestamp: string;
          readonly value: number;
        }>;
        readonly write_ops: ReadonlyArray<{
          /** Where its period begins. */
          readonly timestamp: string;
          readonly value: number;
        }>;
        readonly read_bytes: ReadonlyArray<{
          /** Where its period begins. */
          readonly timestamp: string;
          readonly value: number;
        }>;
        readonly write_bytes: ReadonlyArray<{
          /** Where its period begins. */
          readonly timestamp: string;
          readonly value: number;
        }>;
        readonly queue_length: ReadonlyArray<{
          /** Where its period begins. */
          readonly timestamp: string;
          readonly value: number;
        }>;
        readonly read_time: ReadonlyArray<{
          /** Where its period begins. */
          readonly timestamp: string;
          readonly value: number;
        }>;
        readonly write_time: ReadonlyArray<{
          /** Where its period begins. */
          readonly timestamp: string;
          readonly value: number;
        }>;
        readonly idle_time: ReadonlyArray<{
          /** Where its period begins. */
          readonly timestamp: string;
          readonly value: number;
        }>;
        readonly burst_balance: ReadonlyArray<{
          /** Where its period begins. */
          readonly timestamp: string;
          readonly value: number;
        }>;
        readonly iops: ReadonlyArray<{
          /** Where its period begins. */
          readonly timestamp: string;
          readonly value: number;
        }>;
        readonly throughput_bytes_per_second: ReadonlyArray<{
          /** Where its period begins. */
          readonly timestamp: string;
          readonly value: number;
        }>;
        readonly busy_percent: ReadonlyArray<{
          /** Where its period begins. */
          readonly timestamp: string;
          readonly value: number;
        }>;
        readonly average_latency_ms: ReadonlyArray<{
          /** Where its period begins. */
          readonly timestamp: string;
          readonly value: number;
        }>;
      };
      readonly provisioned: {
        readonly iops: number | null;
        readonly throughput: number | null;
      };
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'aws_refused' | 'unauthorized' | 'aws_denied' | 'aws_no_account' | 'not_found' | 'too_many_requests' | 'aws_unreachable' | 'aws_failed' | 'aws_throttled' | 'store_unavailable';
  };
  /** ECS clusters */
  'GET /api/v1/ecs/clusters': {
    readonly input: {
      readonly query?: {
        /** A configured account, for operators. Absent: the session, or the only one. */
        readonly account?: string | undefined;
        /** Or `all`, which is every one that is enabled. Absent: that of the session or account. */
        readonly region?: string | undefined;
        /** Occurs in the name or the id, whatever the case. */
        readonly q?: string | undefined;
        /** Items a page. Absent: all. */
        readonly limit?: number | undefined;
        /** `next_cursor` of the page before. */
        readonly cursor?: string | undefined;
        /** `ACTIVE`, … */
        readonly status?: string | undefined;
        /** `enabled`, `enhanced`, `disabled`. */
        readonly container_insights?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly clusters: ReadonlyArray<{
        readonly cluster_name: string;
        readonly cluster_arn: string;
        readonly status: string;
        readonly registered_container_instances_count: number;
        readonly running_tasks_count: number;
        readonly pending_tasks_count: number;
        readonly active_services_count: number;
        readonly region: string;
        readonly container_insights: string | null;
        readonly exec_logging: string | null;
        readonly capacity_providers: readonly string[];
        readonly tags: Readonly<Record<string, string>>;
      }>;
      readonly unreadable?: ReadonlyArray<{
        /** Whose value is missing, dots between levels (`ecs.total_tasks`); the name of the list itself for what of it is missing. */
        readonly member: string;
        /** What IAM calls the read that failed: `ecs:ListServices`. */
        readonly action: string;
        /** `global` for what has no region. */
        readonly region: string;
        readonly reason: 'denied' | 'throttled' | 'missing' | 'refused' | 'unreachable' | 'failed';
      }> | undefined;
      /** How many match, over all pages. */
      readonly total: number;
      readonly next_cursor: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'aws_refused' | 'unauthorized' | 'aws_denied' | 'aws_no_account' | 'too_many_requests' | 'aws_unreachable' | 'aws_failed' | 'aws_throttled' | 'store_unavailable';
  };
  /** One cluster: its health, and how tasks are spread in it */
  'GET /api/v1/ecs/clusters/{cluster_name}': {
    readonly input: {
      readonly params: {
        readonly cluster_name: string;
      };
      readonly query?: {
        /** A configured account, for operators. Absent: the session, or the only one. */
        readonly account?: string | undefined;
        /** Absent: that of the session or account. */
        readonly region?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly cluster_name: string;
      readonly cluster_arn: string;
      readonly status: string;
      readonly registered_container_instances_count: number;
      readonly running_tasks_count: number;
      readonly pending_tasks_count: number;
      readonly active_services_count: number;
      readonly region: string;
      readonly container_insights: string | null;
      readonly exec_logging: string | null;
      readonly capacity_providers: readonly string[];
      readonly tags: Readonly<Record<string, string>>;
      readonly health: 'healthy' | 'degraded' | 'idle' | 'inactive' | null;
      readonly services: {
        readonly total: number;
        readonly unhealthy: number;
        /** With a rollout under way. */
        readonly deploying: number;
      } | null;
      readonly tasks: {
        readonly total: number;
        /** `RUNNING`, `PENDING`, … */
        readonly by_status: Readonly<Record<string, number>>;
        /** `HEALTHY`, `UNHEALTHY`, `UNKNOWN`. */
        readonly by_health: Readonly<Record<string, number>>;
        /** `FARGATE`, `EC2`, `EXTERNAL`; `unknown` where AWS does not say. */
        readonly by_launch_type: Readonly<Record<string, number>>;
        /** `unknown` where AWS does not say. */
        readonly by_availability_zone: Readonly<Record<string, number>>;
        /** `service:web` or what started them; `unknown` where AWS does not say. */
        readonly by_group: Readonly<Record<string, number>>;
        /** Of tasks on instances: Fargate's have none. */
        readonly by_container_instance: ReadonlyArray<{
          readonly container_instance_arn: string;
          readonly instance_id: string | null;
          readonly availability_zone: string | null;
          readonly tasks_count: number;
        }>;
      } | null;
      readonly container_instances: {
        readonly total: number;
        readonly agents_disconnected: number;
        /** `ACTIVE`, `DRAINING`, … */
        readonly by_status: Readonly<Record<string, number>>;
        /** `unknown` where AWS does not say. */
        readonly by_availability_zone: Readonly<Record<string, number>>;
        readonly cpu: {
          readonly registered: number | null;
          readonly remaining: number | null;
          readonly reserved_percent: number | null;
        };
        readonly memory: {
          readonly registered: number | null;
          readonly remaining: number | null;
          readonly reserved_percent: number | null;
        };
      } | null;
      readonly utilization: {
        readonly cpu_utilization: number | null;
        readonly memory_utilization: number | null;
        readonly cpu_reservation: number | null;
        readonly memory_reservation: number | null;
        readonly as_of: string | null;
      } | null;
      readonly unreadable?: ReadonlyArray<{
        /** Whose value is missing, dots between levels (`ecs.total_tasks`); the name of the list itself for what of it is missing. */
        readonly member: string;
        /** What IAM calls the read that failed: `ecs:ListServices`. */
        readonly action: string;
        /** `global` for what has no region. */
        readonly region: string;
        readonly reason: 'denied' | 'throttled' | 'missing' | 'refused' | 'unreachable' | 'failed';
      }> | undefined;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'aws_refused' | 'unauthorized' | 'aws_denied' | 'aws_no_account' | 'not_found' | 'too_many_requests' | 'aws_unreachable' | 'aws_failed' | 'aws_throttled' | 'store_unavailable';
  };
  /** The container instances of a cluster, with what is left on each */
  'GET /api/v1/ecs/clusters/{cluster_name}/container-instances': {
    readonly input: {
      readonly params: {
        readonly cluster_name: string;
      };
      readonly query?: {
        /** A configured account, for operators. Absent: the session, or the only one. */
        readonly account?: string | undefined;
        /** Absent: that of the session or account. */
        readonly region?: string | undefined;
        /** Occurs in the name or the id, whatever the case. */
        readonly q?: string | undefined;
        /** Items a page. Absent: all. */
        readonly limit?: number | undefined;
        /** `next_cursor` of the page before. */
        readonly cursor?: string | undefined;
        /** `ACTIVE`, `DRAINING`, … */
        readonly status?: string | undefined;
        /** Whether its agent is connected. */
        readonly agent_connected?: boolean | undefined;
        /** `us-west-2a`. */
        readonly availability_zone?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly container_instances: ReadonlyArray<{
        readonly container_instance_arn: string;
        readonly cluster_arn: string;
        readonly region: string;
        readonly instance_id: string | null;
        readonly status: string;
        readonly agent_connected: boolean;
        readonly agent_version: string | null;
        readonly running_tasks_count: number;
        readonly pending_tasks_count: number;
        readonly cpu: {
          readonly registered: number | null;
          readonly remaining: number | null;
          readonly reserved_percent: number | null;
        };
        readonly memory: {
          readonly registered: number | null;
          readonly remaining: number | null;
          readonly reserved_percent: number | null;
        };
        readonly availability_zone: string | null;
        readonly registered_at: string | null;
      }>;
      readonly unreadable?: ReadonlyArray<{
        /** Whose value is missing, dots between levels (`ecs.total_tasks`); the name of the list itself for what of it is missing. */
        readonly member: string;
        /** What IAM calls the read that failed: `ecs:ListServices`. */
        readonly action: string;
        /** `global` for what has no region. */
        readonly region: string;
        readonly reason: 'denied' | 'throttled' | 'missing' | 'refused' | 'unreachable' | 'failed';
      }> | undefined;
      /** How many match, over all pages. */
      readonly total: number;
      readonly next_cursor: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'aws_refused' | 'unauthorized' | 'aws_denied' | 'aws_no_account' | 'not_found' | 'too_many_requests' | 'aws_unreachable' | 'aws_failed' | 'aws_throttled' | 'store_unavailable';
  };
  /** How much of its CPU and memory a cluster, or one of its services, uses */
  'GET /api/v1/ecs/clusters/{cluster_name}/metrics': {
    readonly input: {
      readonly params: {
        readonly cluster_name: string;
      };
      readonly query?: {
        /** A configured account, for operators. Absent: the session, or the only one. */
        readonly account?: string | undefined;
        /** Absent: that of the session or account. */
        readonly region?: string | undefined;
        /** Seconds, a multiple of 60: 3600. At most 1440 points. */
        readonly period?: string | undefined;
        /** Absent: 24 hours before the end. RFC 3339, or Unix time in seconds or milliseconds. */
        readonly start_time?: string | undefined;
        /** Absent: now. RFC 3339, or Unix time in seconds or milliseconds. */
        readonly end_time?: string | undefined;
        /** Absent: the cluster as a whole. */
        readonly service?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly cluster_name: string;
      readonly service_name: string | null;
      readonly region: string;
      /** Seconds; longer than asked for where AWS keeps no finer figures. */
      readonly period: number;
      readonly start_time: string;
      readonly end_time: string;
      readonly metrics: {
        readonly cpu_utilization: ReadonlyArray<{
          /** Where its period begins. */
          readonly timestamp: string;
          readonly value: number;
        }>;
        readonly memory_utilization: ReadonlyArray<{
          /** Where its period begins. */
          readonly timestamp: string;
          readonly value: number;
        }>;
        readonly cpu_reservation: ReadonlyArray<{
          /** Where its period begins. */
          readonly timestamp: string;
          readonly value: number;
        }>;
        readonly memory_reservation: ReadonlyArray<{
          /** Where its period begins. */
          readonly timestamp: string;
          readonly value: number;
        }>;
      };
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'aws_refused' | 'unauthorized' | 'aws_denied' | 'aws_no_account' | 'not_found' | 'too_many_requests' | 'aws_unreachable' | 'aws_failed' | 'aws_throttled' | 'store_unavailable';
  };
  /** The services of a cluster, with how they are deployed */
  'GET /api/v1/ecs/clusters/{cluster_name}/services': {
    readonly input: {
      readonly params: {
        readonly cluster_name: string;
      };
      readonly query?: {
        /** A configured account, for operators. Absent: the session, or the only one. */
        readonly account?: string | undefined;
        /** Absent: that of the session or account. */
        readonly region?: string | undefined;
        /** Occurs in the name or the id, whatever the case. */
        readonly q?: string | undefined;
        /** Items a page. Absent: all. */
        readonly limit?: number | undefined;
        /** `next_cursor` of the page before. */
        readonly cursor?: string | undefined;
        /** `ACTIVE`, `DRAINING`, `INACTIVE`. */
        readonly status?: string | undefined;
        /** `FARGATE`, `EC2`, `EXTERNAL`. */
        readonly launch_type?: string | undefined;
        /** `COMPLETED`, `IN_PROGRESS`, `FAILED`. */
        readonly rollout_state?: string | undefined;
        /** As many tasks as wanted, and no deployment failed; or not. */
        readonly healthy?: boolean | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly services: ReadonlyArray<{
        readonly service_name: string;
        readonly service_arn: string;
        readonly status: string;
        readonly desired_count: number;
        readonly running_count: number;
        readonly pending_count: number;
        readonly deployment_status: string | null;
        readonly rollout_state: string | null;
        /** As many tasks as it wants, and no deployment failed. */
        readonly healthy: boolean;
        /** What is wrong with it, each in a sentence. */
        readonly problems: readonly string[];
        readonly cluster_name: string;
        readonly cluster_arn: string;
        readonly region: string;
        readonly launch_type: string | null;
        readonly capacity_providers: readonly string[];
        readonly platform_version: string | null;
        readonly platform_family: string | null;
        readonly scheduling_strategy: string | null;
        readonly task_definition: string | null;
        readonly assigns_public_ip: boolean | null;
        readonly subnet_ids: readonly string[];
        readonly security_group_ids: readonly string[];
        readonly execute_command_enabled: boolean;
        readonly load_balancers_count: number;
        readonly deployments_count: number;
        readonly created_at: string | null;
        readonly tags: Readonly<Record<string, string>>;
      }>;
      readonly unreadable?: ReadonlyArray<{
        /** Whose value is missing, dots between levels (`ecs.total_tasks`); the name of the list itself for what of it is missing. */
        readonly member: string;
        /** What IAM calls the read that failed: `ecs:ListServices`. */
        readonly action: string;
        /** `global` for what has no region. */
        readonly region: string;
        readonly reason: 'denied' | 'throttled' | 'missing' | 'refused' | 'unreachable' | 'failed';
      }> | undefined;
      /** How many match, over all pages. */
      readonly total: number;
      readonly next_cursor: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'aws_refused' | 'unauthorized' | 'aws_denied' | 'aws_no_account' | 'not_found' | 'too_many_requests' | 'aws_unreachable' | 'aws_failed' | 'aws_throttled' | 'store_unavailable';
  };
  /** One service with its deployments and its latest events */
  'GET /api/v1/ecs/clusters/{cluster_name}/services/{service_name}': {
    readonly input: {
      readonly params: {
        readonly cluster_name: string;
        readonly service_name: string;
      };
      readonly query?: {
        /** A configured account, for operators. Absent: the session, or the only one. */
        readonly account?: string | undefined;
        /** Absent: that of the session or account. */
        readonly region?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly service_name: string;
      readonly service_arn: string;
      readonly status: string;
      readonly desired_count: number;
      readonly running_count: number;
      readonly pending_count: number;
      readonly deployment_status: string | null;
      readonly rollout_state: string | null;
      /** As many tasks as it wants, and no deployment failed. */
      readonly healthy: boolean;
      /** What is wrong with it, each in a sentence. */
      readonly problems: readonly string[];
      readonly cluster_name: string;
      readonly cluster_arn: string;
      readonly region: string;
      readonly launch_type: string | null;
      readonly capacity_providers: readonly string[];
      readonly platform_version: string | null;
      readonly platform_family: string | null;
      readonly scheduling_strategy: string | null;
      readonly task_definition: string | null;
      readonly assigns_public_ip: boolean | null;
      readonly subnet_ids: readonly string[];
      readonly security_group_ids: readonly string[];
      readonly execute_command_enabled: boolean;
      readonly load_balancers_count: number;
      readonly deployments_count: number;
      readonly created_at: string | null;
      readonly tags: Readonly<Record<string, string>>;
      readonly deployments: ReadonlyArray<{
        readonly id: string;
        readonly status: string;
        readonly task_definition: string;
        readonly desired_count: number;
        readonly running_count: number;
        readonly pending_count: number;
        readonly failed_tasks: number;
        readonly rollout_state: string | null;
        readonly rollout_reason: string | null;
        readonly created_at: string | null;
        readonly updated_at: string | null;
      }>;
      readonly task_sets: ReadonlyArray<{
        readonly id: string;
        readonly task_definition: string | null;
        readonly assigns_public_ip: boolean | null;
      }>;
      /** The newest hundred, newest first. */
      readonly events: ReadonlyArray<{
        readonly id: string;
        readonly created_at: string | null;
        readonly message: string;
      }>;
      readonly tasks: {
        readonly total: number;
        /** `RUNNING`, `PENDING`, … */
        readonly by_status: Readonly<Record<string, number>>;
        /** `HEALTHY`, `UNHEALTHY`, `UNKNOWN`. */
        readonly by_health: Readonly<Record<string, number>>;
        /** `FARGATE`, `EC2`, `EXTERNAL`; `unknown` where AWS does not say. */
        readonly by_launch_type: Readonly<Record<string, number>>;
        /** `unknown` where AWS does not say. */
        readonly by_availability_zone: Readonly<Record<string, number>>;
        /** `service:web` or what started them; `unknown` where AWS does not say. */
        readonly by_group: Readonly<Record<string, number>>;
        /** Of tasks on instances: Fargate's have none. */
        readonly by_container_instance: ReadonlyArray<{
          readonly container_instance_arn: string;
          readonly instance_id: string | null;
          readonly availability_zone: string | null;
          readonly tasks_count: number;
        }>;
      } | null;
      readonly utilization: {
        readonly cpu_utilization: number | null;
        readonly memory_utilization: number | null;
        readonly cpu_reservation: number | null;
        readonly memory_reservation: number | null;
        readonly as_of: string | null;
      } | null;
      readonly unreadable?: ReadonlyArray<{
        /** Whose value is missing, dots between levels (`ecs.total_tasks`); the name of the list itself for what of it is missing. */
        readonly member: string;
        /** What IAM calls the read that failed: `ecs:ListServices`. */
        readonly action: string;
        /** `global` for what has no region. */
        readonly region: string;
        readonly reason: 'denied' | 'throttled' | 'missing' | 'refused' | 'unreachable' | 'failed';
      }> | undefined;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'aws_refused' | 'unauthorized' | 'aws_denied' | 'aws_no_account' | 'not_found' | 'too_many_requests' | 'aws_unreachable' | 'aws_failed' | 'aws_throttled' | 'store_unavailable';
  };
  /** The tasks of a cluster, and how they are spread */
  'GET /api/v1/ecs/clusters/{cluster_name}/tasks': {
    readonly input: {
      readonly params: {
        readonly cluster_name: string;
      };
      readonly query?: {
        /** A configured account, for operators. Absent: the session, or the only one. */
        readonly account?: string | undefined;
        /** Absent: that of the session or account. */
        readonly region?: string | undefined;
        /** Occurs in the name or the id, whatever the case. */
        readonly q?: string | undefined;
        /** Items a page. Absent: all. */
        readonly limit?: number | undefined;
        /** `next_cursor` of the page before. */
        readonly cursor?: string | undefined;
        /** `service:web`. */
        readonly group?: string | undefined;
        /** Those of a service. */
        readonly service_name?: string | undefined;
        /** `RUNNING`, `PENDING`, … */
        readonly last_status?: string | undefined;
        /** `RUNNING`, `STOPPED`. */
        readonly desired_status?: string | undefined;
        /** `HEALTHY`, `UNHEALTHY`, `UNKNOWN`. */
        readonly health_status?: string | undefined;
        /** `FARGATE`, `EC2`, `EXTERNAL`. */
        readonly launch_type?: string | undefined;
        /** `us-west-2a`. */
        readonly availability_zone?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly tasks: ReadonlyArray<{
        readonly task_id: string;
        readonly task_arn: string;
        readonly cluster_arn: string;
        readonly region: string;
        readonly service_name: string | null;
        readonly group: string | null;
        readonly last_status: string;
        readonly desired_status: string;
        readonly health_status: string | null;
        readonly task_definition: string;
        readonly launch_type: string | null;
        readonly availability_zone: string | null;
        readonly container_instance_arn: string | null;
        readonly cpu: number | null;
        readonly memory: number | null;
        readonly started_at: string | null;
        readonly stopped_reason: string | null;
      }>;
      readonly unreadable?: ReadonlyArray<{
        /** Whose value is missing, dots between levels (`ecs.total_tasks`); the name of the list itself for what of it is missing. */
        readonly member: string;
        /** What IAM calls the read that failed: `ecs:ListServices`. */
        readonly action: string;
        /** `global` for what has no region. */
        readonly region: string;
        readonly reason: 'denied' | 'throttled' | 'missing' | 'refused' | 'unreachable' | 'failed';
      }> | undefined;
      /** How many match, over all pages. */
      readonly total: number;
      readonly next_cursor: string | null;
      readonly distribution: {
        readonly total: number;
        /** `RUNNING`, `PENDING`, … */
        readonly by_status: Readonly<Record<string, number>>;
        /** `HEALTHY`, `UNHEALTHY`, `UNKNOWN`. */
        readonly by_health: Readonly<Record<string, number>>;
        /** `FARGATE`, `EC2`, `EXTERNAL`; `unknown` where AWS does not say. */
        readonly by_launch_type: Readonly<Record<string, number>>;
        /** `unknown` where AWS does not say. */
        readonly by_availability_zone: Readonly<Record<string, number>>;
        /** `service:web` or what started them; `unknown` where AWS does not say. */
        readonly by_group: Readonly<Record<string, number>>;
        /** Of tasks on instances: Fargate's have none. */
        readonly by_container_instance: ReadonlyArray<{
          readonly container_instance_arn: string;
          readonly instance_id: string | null;
          readonly availability_zone: string | null;
          readonly tasks_count: number;
        }>;
      };
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'aws_refused' | 'unauthorized' | 'aws_denied' | 'aws_no_account' | 'not_found' | 'too_many_requests' | 'aws_unreachable' | 'aws_failed' | 'aws_throttled' | 'store_unavailable';
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
  /** Findings in AWS accounts, the most severe first, of those the newest; a page can come with few */
  'GET /api/v1/findings': {
    readonly input: {
      readonly query?: {
        /** Items a page. */
        readonly limit?: number | undefined;
        /** `nextCursor` of the page before. */
        readonly cursor?: string | undefined;
        /** AWS's twelve digits. */
        readonly accountId?: string | undefined;
        /** Its id: `s3.public-policy`. */
        readonly check?: string | undefined;
        readonly service?: 'ecs' | 's3' | 'ebs' | 'net' | undefined;
        /** Exactly this. */
        readonly severity?: 'informational' | 'low' | 'medium' | 'high' | 'critical' | undefined;
        /** At least this. */
        readonly severityMin?: 'informational' | 'low' | 'medium' | 'high' | 'critical' | undefined;
        readonly state?: 'open' | 'resolved' | undefined;
        /** Muted now, or not. */
        readonly muted?: boolean | undefined;
        /** The resource's; `global` for what has none. */
        readonly region?: string | undefined;
        /** The resource's ARN. */
        readonly resource?: string | undefined;
        /** Of checks for its controls: `cis-aws`. */
        readonly framework?: string | undefined;
        /** The framework's. */
        readonly version?: string | undefined;
        /** One control: `EC2.13`. */
        readonly control?: string | undefined;
        /** Occurs in the reason, the resource's name or its ARN, whatever the case. */
        readonly text?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly items: ReadonlyArray<{
        readonly id: string;
        /** AWS's twelve digits. */
        readonly accountId: string;
        readonly check: string;
        readonly title: string | null;
        readonly service: 'ecs' | 's3' | 'ebs' | 'net';
        readonly severity: 'informational' | 'low' | 'medium' | 'high' | 'critical';
        readonly state: 'open' | 'resolved';
        /** Nobody is told of it now. */
        readonly muted: boolean;
        readonly mute: {
          readonly at: string;
          readonly until: string | null;
          /** The operator's id. */
          readonly by: string;
          readonly why: string;
        } | null;
        readonly resource: {
          readonly type: string;
          readonly arn: string;
          readonly name: string;
          /** `global` for what has none. */
          readonly region: string;
        };
        /** Why it failed, when it last did. */
        readonly reason: string;
        readonly firstSeenAt: string;
        /** When a scan last found it so. */
        readonly lastSeenAt: string;
        /** Of the last time that it was opened. */
        readonly openedAt: string;
        readonly timesOpened: number;
        readonly resolvedAt: string | null;
        readonly resolution: 'passed' | 'not_applicable' | 'gone' | null;
        readonly resolvedReason: string | null;
        readonly eventId: string | null;
        /** The last scan that said anything of it. */
        readonly scanId: string;
      }>;
      /** Null on the last page. */
      readonly nextCursor: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'too_many_requests' | 'store_unavailable';
  };
  /** How many findings there are, by severity, service, account and check */
  'GET /api/v1/findings/counts': {
    readonly input: {
      readonly query?: {
        /** AWS's twelve digits. */
        readonly accountId?: string | undefined;
        readonly service?: 'ecs' | 's3' | 'ebs' | 'net' | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly open: {
        readonly informational: number;
        readonly low: number;
        readonly medium: number;
        readonly high: number;
        readonly critical: number;
      };
      /** Open, and nobody is told of them; not among `open`. */
      readonly muted: number;
      readonly resolved: number;
      readonly services: ReadonlyArray<{
        readonly service: 'ecs' | 's3' | 'ebs' | 'net';
        readonly open: {
          readonly informational: number;
          readonly low: number;
          readonly medium: number;
          readonly high: number;
          readonly critical: number;
        };
        /** Open, and nobody is told of them; not among `open`. */
        readonly muted: number;
        readonly resolved: number;
      }>;
      readonly accounts: ReadonlyArray<{
        readonly accountId: string;
        readonly open: {
          readonly informational: number;
          readonly low: number;
          readonly medium: number;
          readonly high: number;
          readonly critical: number;
        };
        /** Open, and nobody is told of them; not among `open`. */
        readonly muted: number;
        readonly resolved: number;
      }>;
      readonly checks: ReadonlyArray<{
        readonly check: string;
        readonly open: {
          readonly informational: number;
          readonly low: number;
          readonly medium: number;
          readonly high: number;
          readonly critical: number;
        };
        /** Open, and nobody is told of them; not among `open`. */
        readonly muted: number;
        readonly resolved: number;
      }>;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'too_many_requests' | 'store_unavailable';
  };
  /** How each framework stands, by the last done scan of each account and what is open */
  'GET /api/v1/findings/frameworks': {
    readonly input: {
      readonly query?: {
        /** AWS's twelve digits. */
        readonly accountId?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly items: ReadonlyArray<{
        readonly framework: string;
        readonly version: string;
        /** Controls by their status. */
        readonly statuses: {
          readonly fail: number;
          readonly unknown: number;
          readonly pass: number;
          readonly not_applicable: number;
        };
      }>;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'too_many_requests' | 'store_unavailable';
  };
  /** How each control of a framework stands */
  'GET /api/v1/findings/frameworks/{framework}/{version}': {
    readonly input: {
      readonly params: {
        readonly framework: string;
        readonly version: string;
      };
      readonly query?: {
        /** AWS's twelve digits. */
        readonly accountId?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly framework: string;
      readonly version: string;
      /** Controls by their status. */
      readonly statuses: {
        readonly fail: number;
        readonly unknown: number;
        readonly pass: number;
        readonly not_applicable: number;
      };
      readonly controls: ReadonlyArray<{
        readonly control: string;
        /** Unknown: a check has not run yet, or could not read all it needs. */
        readonly status: 'fail' | 'unknown' | 'pass' | 'not_applicable';
        readonly checks: readonly string[];
        readonly resources: {
          /** Open findings. */
          readonly fail: number;
          /** Open findings that are muted: accepted. */
          readonly muted: number;
          readonly unknown: number;
          readonly pass: number;
          readonly notApplicable: number;
        };
      }>;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'not_found' | 'too_many_requests' | 'store_unavailable';
  };
  /** How accounts stood over time: a point for each done scan, at most 2000; the last 30 days unless told */
  'GET /api/v1/findings/history': {
    readonly input: {
      readonly query?: {
        /** AWS's twelve digits. */
        readonly accountId?: string | undefined;
        /** From then on. RFC 3339. */
        readonly since?: string | undefined;
        /** Before then. RFC 3339. */
        readonly until?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly since: string;
      readonly until: string;
      /** A point for each done scan, in the order of time; where there are too many the newest. */
      readonly points: ReadonlyArray<{
        /** When the scan was done. */
        readonly at: string;
        readonly scanId: string;
        readonly accountId: string;
        readonly open: {
          readonly informational: number;
          readonly low: number;
          readonly medium: number;
          readonly high: number;
          readonly critical: number;
        };
        readonly muted: number;
        readonly opened: number;
        readonly resolved: number;
        readonly results: {
          readonly PASS: number;
          readonly FAIL: number;
          readonly UNKNOWN: number;
          readonly NOT_APPLICABLE: number;
        };
        /** Null: could not be read. */
        readonly figures: Readonly<Record<string, number | null>>;
      }>;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'too_many_requests' | 'store_unavailable';
  };
  /** One finding with its evidence, why it matters and how to mend it */
  'GET /api/v1/findings/{id}': {
    readonly input: {
      readonly params: {
        readonly id: string;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly id: string;
      /** AWS's twelve digits. */
      readonly accountId: string;
      readonly check: string;
      readonly title: string | null;
      readonly service: 'ecs' | 's3' | 'ebs' | 'net';
      readonly severity: 'informational' | 'low' | 'medium' | 'high' | 'critical';
      readonly state: 'open' | 'resolved';
      /** Nobody is told of it now. */
      readonly muted: boolean;
      readonly mute: {
        readonly at: string;
        readonly until: string | null;
        /** The operator's id. */
        readonly by: string;
        readonly why: string;
      } | null;
      readonly resource: {
        readonly type: string;
        readonly arn: string;
        readonly name: string;
        /** `global` for what has none. */
        readonly region: string;
      };
      /** Why it failed, when it last did. */
      readonly reason: string;
      readonly firstSeenAt: string;
      /** When a scan last found it so. */
      readonly lastSeenAt: string;
      /** Of the last time that it was opened. */
      readonly openedAt: string;
      readonly timesOpened: number;
      readonly resolvedAt: string | null;
      readonly resolution: 'passed' | 'not_applicable' | 'gone' | null;
      readonly resolvedReason: string | null;
      readonly eventId: string | null;
      /** The last scan that said anything of it. */
      readonly scanId: string;
      /** The facts behind it. */
      readonly evidence: Readonly<Record<string, unknown>>;
      readonly checkFacts: {
        readonly id: string;
        readonly service: 'ecs' | 's3' | 'ebs' | 'net';
        /** What is asserted: true where it passes. */
        readonly title: string;
        /** Of a failure, unless it says its own. */
        readonly severity: 'informational' | 'low' | 'medium' | 'high' | 'critical';
        readonly why: string;
        readonly fix: {
          readonly console: string;
          readonly cli: string;
        };
        readonly references: readonly string[];
        readonly controls: ReadonlyArray<{
          /** `aws-fsbp` (Security Hub), `cis-aws`. */
          readonly framework: string;
          readonly version: string;
          readonly control: string;
        }>;
        /** What IAM must allow for it. */
        readonly actions: readonly string[];
      } | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'unauthorized' | 'not_found' | 'too_many_requests' | 'store_unavailable';
  };
  /** Nobody is to be told of a finding, for good or until a time; the last one to say so counts */
  'POST /api/v1/findings/{id}/mute': {
    readonly input: {
      readonly params: {
        readonly id: string;
      };
      readonly body: {
        /** Absent: until it is taken back. */
        readonly until?: string | undefined;
        readonly why: string;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly id: string;
      /** AWS's twelve digits. */
      readonly accountId: string;
      readonly check: string;
      readonly title: string | null;
      readonly service: 'ecs' | 's3' | 'ebs' | 'net';
      readonly severity: 'informational' | 'low' | 'medium' | 'high' | 'critical';
      readonly state: 'open' | 'resolved';
      /** Nobody is told of it now. */
      readonly muted: boolean;
      readonly mute: {
        readonly at: string;
        readonly until: string | null;
        /** The operator's id. */
        readonly by: string;
        readonly why: string;
      } | null;
      readonly resource: {
        readonly type: string;
        readonly arn: string;
        readonly name: string;
        /** `global` for what has none. */
        readonly region: string;
      };
      /** Why it failed, when it last did. */
      readonly reason: string;
      readonly firstSeenAt: string;
      /** When a scan last found it so. */
      readonly lastSeenAt: string;
      /** Of the last time that it was opened. */
      readonly openedAt: string;
      readonly timesOpened: number;
      readonly resolvedAt: string | null;
      readonly resolution: 'passed' | 'not_applicable' | 'gone' | null;
      readonly resolvedReason: string | null;
      readonly eventId: string | null;
      /** The last scan that said anything of it. */
      readonly scanId: string;
      /** The facts behind it. */
      readonly evidence: Readonly<Record<string, unknown>>;
      readonly checkFacts: {
        readonly id: string;
        readonly service: 'ecs' | 's3' | 'ebs' | 'net';
        /** What is asserted: true where it passes. */
        readonly title: string;
        /** Of a failure, unless it says its own. */
        readonly severity: 'informational' | 'low' | 'medium' | 'high' | 'critical';
        readonly why: string;
        readonly fix: {
          readonly console: string;
          readonly cli: string;
        };
        readonly references: readonly string[];
        readonly controls: ReadonlyArray<{
          /** `aws-fsbp` (Security Hub), `cis-aws`. */
          readonly framework: string;
          readonly version: string;
          readonly control: string;
        }>;
        /** What IAM must allow for it. */
        readonly actions: readonly string[];
      } | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'not_found' | 'body_too_large' | 'media_type_unsupported' | 'too_many_requests' | 'store_unavailable';
  };
  /** Take a mute back: what becomes of the finding from now on is told */
  'POST /api/v1/findings/{id}/unmute': {
    readonly input: {
      readonly params: {
        readonly id: string;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly id: string;
      /** AWS's twelve digits. */
      readonly accountId: string;
      readonly check: string;
      readonly title: string | null;
      readonly service: 'ecs' | 's3' | 'ebs' | 'net';
      readonly severity: 'informational' | 'low' | 'medium' | 'high' | 'critical';
      readonly state: 'open' | 'resolved';
      /** Nobody is told of it now. */
      readonly muted: boolean;
      readonly mute: {
        readonly at: string;
        readonly until: string | null;
        /** The operator's id. */
        readonly by: string;
        readonly why: string;
      } | null;
      readonly resource: {
        readonly type: string;
        readonly arn: string;
        readonly name: string;
        /** `global` for what has none. */
        readonly region: string;
      };
      /** Why it failed, when it last did. */
      readonly reason: string;
      readonly firstSeenAt: string;
      /** When a scan last found it so. */
      readonly lastSeenAt: string;
      /** Of the last time that it was opened. */
      readonly openedAt: string;
      readonly timesOpened: number;
      readonly resolvedAt: string | null;
      readonly resolution: 'passed' | 'not_applicable' | 'gone' | null;
      readonly resolvedReason: string | null;
      readonly eventId: string | null;
      /** The last scan that said anything of it. */
      readonly scanId: string;
      /** The facts behind it. */
      readonly evidence: Readonly<Record<string, unknown>>;
      readonly checkFacts: {
        readonly id: string;
        readonly service: 'ecs' | 's3' | 'ebs' | 'net';
        /** What is asserted: true where it passes. */
        readonly title: string;
        /** Of a failure, unless it says its own. */
        readonly severity: 'informational' | 'low' | 'medium' | 'high' | 'critical';
        readonly why: string;
        readonly fix: {
          readonly console: string;
          readonly cli: string;
        };
        readonly references: readonly string[];
        readonly controls: ReadonlyArray<{
          /** `aws-fsbp` (Security Hub), `cis-aws`. */
          readonly framework: string;
          readonly version: string;
          readonly control: string;
        }>;
        /** What IAM must allow for it. */
        readonly actions: readonly string[];
      } | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'unauthorized' | 'forbidden' | 'not_found' | 'body_too_large' | 'too_many_requests' | 'store_unavailable';
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
  /** VPCs, with how many subnets and security groups each has */
  'GET /api/v1/network/vpcs': {
    readonly input: {
      readonly query?: {
        /** A configured account, for operators. Absent: the session, or the only one. */
        readonly account?: string | undefined;
        /** Or `all`, which is every one that is enabled. Absent: that of the session or account. */
        readonly region?: string | undefined;
        /** Occurs in the name or the id, whatever the case. */
        readonly q?: string | undefined;
        /** Items a page. Absent: all. */
        readonly limit?: number | undefined;
        /** `next_cursor` of the page before. */
        readonly cursor?: string | undefined;
        /** `available`, `pending`. */
        readonly state?: string | undefined;
        /** Whether AWS made it with the account. */
        readonly is_default?: boolean | undefined;
        /** Whether a flow log of its own delivers. */
        readonly flow_logs_active?: boolean | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly vpcs: ReadonlyArray<{
        readonly vpc_id: string;
        readonly cidr_block: string;
        readonly state: string;
        readonly is_default: boolean;
        readonly dhcp_options_id: string | null;
        readonly instance_tenancy: string;
        readonly subnet_count: number | null;
        readonly security_group_count: number | null;
        /** IPv4 and IPv6, the first one included. */
        readonly cidr_blocks: readonly string[];
        readonly flow_logs_active: boolean | null;
        readonly region: string;
        readonly name: string | null;
        readonly tags: Readonly<Record<string, string>>;
        readonly unreadable?: ReadonlyArray<{
          /** Whose value is missing, dots between levels (`ecs.total_tasks`); the name of the list itself for what of it is missing. */
          readonly member: string;
          /** What IAM calls the read that failed: `ecs:ListServices`. */
          readonly action: string;
          /** `global` for what has no region. */
          readonly region: string;
          readonly reason: 'denied' | 'throttled' | 'missing' | 'refused' | 'unreachable' | 'failed';
        }> | undefined;
      }>;
      readonly unreadable?: ReadonlyArray<{
        /** Whose value is missing, dots between levels (`ecs.total_tasks`); the name of the list itself for what of it is missing. */
        readonly member: string;
        /** What IAM calls the read that failed: `ecs:ListServices`. */
        readonly action: string;
        /** `global` for what has no region. */
        readonly region: string;
        readonly reason: 'denied' | 'throttled' | 'missing' | 'refused' | 'unreachable' | 'failed';
      }> | undefined;
      /** How many match, over all pages. */
      readonly total: number;
      readonly next_cursor: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'aws_refused' | 'unauthorized' | 'aws_denied' | 'aws_no_account' | 'too_many_requests' | 'aws_unreachable' | 'aws_failed' | 'aws_throttled' | 'store_unavailable';
  };
  /** The flow logs of a VPC, its subnets and interfaces */
  'GET /api/v1/network/vpcs/{vpc_id}/flow-logs': {
    readonly input: {
      readonly params: {
        readonly vpc_id: string;
      };
      readonly query?: {
        /** A configured account, for operators. Absent: the session, or the only one. */
        readonly account?: string | undefined;
        /** Absent: that of the session or account. */
        readonly region?: string | undefined;
        /** Occurs in the name or the id, whatever the case. */
        readonly q?: string | undefined;
        /** Items a page. Absent: all. */
        readonly limit?: number | undefined;
        /** `next_cursor` of the page before. */
        readonly cursor?: string | undefined;
        /** `ACTIVE` is the only good one. */
        readonly status?: string | undefined;
        /** `ACCEPT`, `REJECT`, `ALL`. */
        readonly traffic_type?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly flow_logs: ReadonlyArray<{
        readonly flow_log_id: string;
        readonly resource_id: string;
        readonly status: string;
        readonly traffic_type: string;
        readonly deliver_status: string | null;
        readonly destination: string | null;
        readonly region: string;
      }>;
      readonly unreadable?: ReadonlyArray<{
        /** Whose value is missing, dots between levels (`ecs.total_tasks`); the name of the list itself for what of it is missing. */
        readonly member: string;
        /** What IAM calls the read that failed: `ecs:ListServices`. */
        readonly action: string;
        /** `global` for what has no region. */
        readonly region: string;
        readonly reason: 'denied' | 'throttled' | 'missing' | 'refused' | 'unreachable' | 'failed';
      }> | undefined;
      /** How many match, over all pages. */
      readonly total: number;
      readonly next_cursor: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'aws_refused' | 'unauthorized' | 'aws_denied' | 'aws_no_account' | 'not_found' | 'too_many_requests' | 'aws_unreachable' | 'aws_failed' | 'aws_throttled' | 'store_unavailable';
  };
  /** The network ACLs of a VPC, rule by rule */
  'GET /api/v1/network/vpcs/{vpc_id}/network-acls': {
    readonly input: {
      readonly params: {
        readonly vpc_id: string;
      };
      readonly query?: {
        /** A configured account, for operators. Absent: the session, or the only one. */
        readonly account?: string | undefined;
        /** Absent: that of the session or account. */
        readonly region?: string | undefined;
        /** Occurs in the name or the id, whatever the case. */
        readonly q?: string | undefined;
        /** Items a page. Absent: all. */
        readonly limit?: number | undefined;
        /** `next_cursor` of the page before. */
        readonly cursor?: string | undefined;
        /** Of the subnets that name none. */
        readonly is_default?: boolean | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly network_acls: ReadonlyArray<{
        readonly network_acl_id: string;
        readonly vpc_id: string;
        readonly is_default: boolean;
        readonly subnet_ids: readonly string[];
        /** By rule number: the first that matches decides. */
        readonly entries: ReadonlyArray<{
          readonly rule_number: number;
          readonly egress: boolean;
          readonly action: 'allow' | 'deny';
          readonly protocol: string;
          readonly cidr: string;
          readonly port_range: string;
        }>;
        readonly region: string;
        readonly name: string | null;
        readonly tags: Readonly<Record<string, string>>;
      }>;
      readonly unreadable?: ReadonlyArray<{
        /** Whose value is missing, dots between levels (`ecs.total_tasks`); the name of the list itself for what of it is missing. */
        readonly member: string;
        /** What IAM calls the read that failed: `ecs:ListServices`. */
        readonly action: string;
        /** `global` for what has no region. */
        readonly region: string;
        readonly reason: 'denied' | 'throttled' | 'missing' | 'refused' | 'unreachable' | 'failed';
      }> | undefined;
      /** How many match, over all pages. */
      readonly total: number;
      readonly next_cursor: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'aws_refused' | 'unauthorized' | 'aws_denied' | 'aws_no_account' | 'not_found' | 'too_many_requests' | 'aws_unreachable' | 'aws_failed' | 'aws_throttled' | 'store_unavailable';
  };
  /** The route tables of a VPC */
  'GET /api/v1/network/vpcs/{vpc_id}/route-tables': {
    readonly input: {
      readonly params: {
        readonly vpc_id: string;
      };
      readonly query?: {
        /** A configured account, for operators. Absent: the session, or the only one. */
        readonly account?: string | undefined;
        /** Absent: that of the session or account. */
        readonly region?: string | undefined;
        /** Occurs in the name or the id, whatever the case. */
        readonly q?: string | undefined;
        /** Items a page. Absent: all. */
        readonly limit?: number | undefined;
        /** `next_cursor` of the page before. */
        readonly cursor?: string | undefined;
        /** Of the subnets that name none. */
        readonly main?: boolean | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly route_tables: ReadonlyArray<{
        readonly route_table_id: string;
        readonly vpc_id: string;
        readonly main: boolean;
        readonly subnet_ids: readonly string[];
        readonly routes: ReadonlyArray<{
          readonly destination: string;
          readonly target: string;
          readonly state: string;
        }>;
        readonly region: string;
        readonly name: string | null;
        readonly tags: Readonly<Record<string, string>>;
      }>;
      readonly unreadable?: ReadonlyArray<{
        /** Whose value is missing, dots between levels (`ecs.total_tasks`); the name of the list itself for what of it is missing. */
        readonly member: string;
        /** What IAM calls the read that failed: `ecs:ListServices`. */
        readonly action: string;
        /** `global` for what has no region. */
        readonly region: string;
        readonly reason: 'denied' | 'throttled' | 'missing' | 'refused' | 'unreachable' | 'failed';
      }> | undefined;
      /** How many match, over all pages. */
      readonly total: number;
      readonly next_cursor: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'aws_refused' | 'unauthorized' | 'aws_denied' | 'aws_no_account' | 'not_found' | 'too_many_requests' | 'aws_unreachable' | 'aws_failed' | 'aws_throttled' | 'store_unavailable';
  };
  /** The security groups of a VPC, rule by rule, and what they expose */
  'GET /api/v1/network/vpcs/{vpc_id}/security-groups': {
    readonly input: {
      readonly params: {
        readonly vpc_id: string;
      };
      readonly query?: {
        /** A configured account, for operators. Absent: the session, or the only one. */
        readonly account?: string | undefined;
        /** Absent: that of the session or account. */
        readonly region?: string | undefined;
        /** Occurs in the name or the id, whatever the case. */
        readonly q?: string | undefined;
        /** Items a page. Absent: all. */
        readonly limit?: number | undefined;
        /** `next_cursor` of the page before. */
        readonly cursor?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly security_groups: ReadonlyArray<{
        readonly group_id: string;
        readonly group_name: string;
        readonly description: string;
        readonly inbound_rules: ReadonlyArray<{
          /** Whose the group on the other side is. */
          readonly peer_account?: string | undefined;
          /** As AWS says it: `tcp`, `-1` for all, or a number. */
          readonly protocol: string;
          /** "22-22" for one port, "0-65535" for protocol -1, "type-code" for ICMP. */
          readonly port_range: string;
          /** Empty where there is none. */
          readonly description: string;
          readonly open_to_world: boolean | null;
          /** A CIDR, `sg-…` or `pl-…`. */
          readonly source: string;
        }>;
        readonly outbound_rules: ReadonlyArray<{
          /** Whose the group on the other side is. */
          readonly peer_account?: string | undefined;
          /** As AWS says it: `tcp`, `-1` for all, or a number. */
          readonly protocol: string;
          /** "22-22" for one port, "0-65535" for protocol -1, "type-code" for ICMP. */
          readonly port_range: string;
          /** Empty where there is none. */
          readonly description: string;
          readonly open_to_world: boolean | null;
          /** A CIDR, `sg-…` or `pl-…`. */
          readonly destination: string;
        }>;
        readonly vpc_id: string | null;
        readonly region: string;
        readonly interfaces_count: number | null;
        readonly exposures: ReadonlyArray<{
          readonly severity: 'low' | 'medium' | 'high' | 'critical';
          readonly port_range: string;
          readonly protocol: string;
          readonly source: string;
          /** In a sentence: what is open, and to whom. */
          readonly reason: string;
        }>;
        readonly tags: Readonly<Record<string, string>>;
        readonly unreadable?: ReadonlyArray<{
          /** Whose value is missing, dots between levels (`ecs.total_tasks`); the name of the list itself for what of it is missing. */
          readonly member: string;
          /** What IAM calls the read that failed: `ecs:ListServices`. */
          readonly action: string;
          /** `global` for what has no region. */
          readonly region: string;
          readonly reason: 'denied' | 'throttled' | 'missing' | 'refused' | 'unreachable' | 'failed';
        }> | undefined;
      }>;
      readonly unreadable?: ReadonlyArray<{
        /** Whose value is missing, dots between levels (`ecs.total_tasks`); the name of the list itself for what of it is missing. */
        readonly member: string;
        /** What IAM calls the read that failed: `ecs:ListServices`. */
        readonly action: string;
        /** `global` for what has no region. */
        readonly region: string;
        readonly reason: 'denied' | 'throttled' | 'missing' | 'refused' | 'unreachable' | 'failed';
      }> | undefined;
      /** How many match, over all pages. */
      readonly total: number;
      readonly next_cursor: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'aws_refused' | 'unauthorized' | 'aws_denied' | 'aws_no_account' | 'not_found' | 'too_many_requests' | 'aws_unreachable' | 'aws_failed' | 'aws_throttled' | 'store_unavailable';
  };
  /** The subnets of a VPC */
  'GET /api/v1/network/vpcs/{vpc_id}/subnets': {
    readonly input: {
      readonly params: {
        readonly vpc_id: string;
      };
      readonly query?: {
        /** A configured account, for operators. Absent: the session, or the only one. */
        readonly account?: string | undefined;
        /** Absent: that of the session or account. */
        readonly region?: string | undefined;
        /** Occurs in the name or the id, whatever the case. */
        readonly q?: string | undefined;
        /** Items a page. Absent: all. */
        readonly limit?: number | undefined;
        /** `next_cursor` of the page before. */
        readonly cursor?: string | undefined;
        /** `us-west-2a`. */
        readonly availability_zone?: string | undefined;
        /** Whether what starts there gets a public address. */
        readonly maps_public_ip?: boolean | undefined;
        /** Whether it routes to an internet gateway. */
        readonly public?: boolean | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly subnets: ReadonlyArray<{
        readonly subnet_id: string;
        readonly vpc_id: string;
        readonly cidr_block: string;
        readonly ipv6_cidr_blocks: readonly string[];
        readonly availability_zone: string;
        readonly state: string;
        readonly available_addresses: number;
        readonly maps_public_ip: boolean;
        readonly default_for_zone: boolean;
        readonly route_table_id: string | null;
        readonly public: boolean | null;
        readonly region: string;
        readonly name: string | null;
        readonly tags: Readonly<Record<string, string>>;
        readonly unreadable?: ReadonlyArray<{
          /** Whose value is missing, dots between levels (`ecs.total_tasks`); the name of the list itself for what of it is missing. */
          readonly member: string;
          /** What IAM calls the read that failed: `ecs:ListServices`. */
          readonly action: string;
          /** `global` for what has no region. */
          readonly region: string;
          readonly reason: 'denied' | 'throttled' | 'missing' | 'refused' | 'unreachable' | 'failed';
        }> | undefined;
      }>;
      readonly unreadable?: ReadonlyArray<{
        /** Whose value is missing, dots between levels (`ecs.total_tasks`); the name of the list itself for what of it is missing. */
        readonly member: string;
        /** What IAM calls the read that failed: `ecs:ListServices`. */
        readonly action: string;
        /** `global` for what has no region. */
        readonly region: string;
        readonly reason: 'denied' | 'throttled' | 'missing' | 'refused' | 'unreachable' | 'failed';
      }> | undefined;
      /** How many match, over all pages. */
      readonly total: number;
      readonly next_cursor: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'aws_refused' | 'unauthorized' | 'aws_denied' | 'aws_no_account' | 'not_found' | 'too_many_requests' | 'aws_unreachable' | 'aws_failed' | 'aws_throttled' | 'store_unavailable';
  };
  /** A VPC as a graph: what it holds, and what leads where */
  'GET /api/v1/network/vpcs/{vpc_id}/topology': {
    readonly input: {
      readonly params: {
        readonly vpc_id: string;
      };
      readonly query?: {
        /** A configured account, for operators. Absent: the session, or the only one. */
        readonly account?: string | undefined;
        /** Absent: that of the session or account. */
        readonly region?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly vpc_id: string;
      readonly region: string;
      readonly nodes: ReadonlyArray<{
        /** AWS's id; `internet` for everybody else. */
        readonly id: string;
        readonly kind: 'internet' | 'vpc' | 'subnet' | 'route-table' | 'network-acl' | 'gateway' | 'security-group' | 'interface' | 'instance';
        /** What people call it. */
        readonly label: string;
        readonly parent: string | null;
        readonly public: boolean | null;
        /** A few of its own, by the names that its list uses. */
        readonly facts: Readonly<Record<string, string | number | boolean>>;
      }>;
      readonly edges: ReadonlyArray<{
        readonly from: string;
        readonly to: string;
        readonly kind: 'contains' | 'routes' | 'filters' | 'guards' | 'attached' | 'allows';
        /** `0.0.0.0/0`, `tcp 22-22`; empty where there is nothing to say. */
        readonly label: string;
      }>;
      /** The certain first, at most a thousand. */
      readonly reachable_from_internet: ReadonlyArray<{
        readonly interface_id: string;
        readonly instance_id: string | null;
        readonly subnet_id: string;
        readonly description: string;
        readonly addresses: readonly string[];
        readonly security_group_ids: readonly string[];
        /** `unknown`: something that decides it could not be read. */
        readonly state: 'reachable' | 'unknown';
        /** `tcp 22-22`. */
        readonly ports: readonly string[];
        /** What lets the packets through, step by step. */
        readonly why: unknown;
      }>;
      /** Whether there is more than a picture can hold. */
      readonly truncated: boolean;
      readonly unreadable?: ReadonlyArray<{
        /** Whose value is missing, dots between levels (`ecs.total_tasks`); the name of the list itself for what of it is missing. */
        readonly member: string;
        /** What IAM calls the read that failed: `ecs:ListServices`. */
        readonly action: string;
        /** `global` for what has no region. */
        readonly region: string;
        readonly reason: 'denied' | 'throttled' | 'missing' | 'refused' | 'unreachable' | 'failed';
      }> | undefined;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'aws_refused' | 'unauthorized' | 'aws_denied' | 'aws_no_account' | 'not_found' | 'too_many_requests' | 'aws_unreachable' | 'aws_failed' | 'aws_throttled' | 'store_unavailable';
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
  /** S3 buckets of all regions, with how much is in them */
  'GET /api/v1/s3/buckets': {
    readonly input: {
      readonly query?: {
        /** A configured account, for operators. Absent: the session, or the only one. */
        readonly account?: string | undefined;
        /** Occurs in the name or the id, whatever the case. */
        readonly q?: string | undefined;
        /** Items a page. Absent: all. */
        readonly limit?: number | undefined;
        /** `next_cursor` of the page before. */
        readonly cursor?: string | undefined;
        /** Those of this region. Absent, or `all`: of every one. */
        readonly region?: string | undefined;
        /** Whether old versions are kept. */
        readonly versioning_enabled?: boolean | undefined;
        /** Whether all four flags are in effect. */
        readonly public_access_blocked?: boolean | undefined;
        /** Whether everybody gets at it. */
        readonly publicly_accessible?: boolean | undefined;
        /** Whether it has a default encryption. */
        readonly encryption_enabled?: boolean | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly buckets: ReadonlyArray<{
        readonly name: string;
        readonly creation_date: string | null;
        readonly region: string;
        readonly object_count: number | null;
        readonly total_size_bytes: number | null;
        readonly storage_date: string | null;
        readonly versioning_enabled: boolean | null;
        readonly public_access_blocked: boolean | null;
        readonly publicly_accessible: boolean | null;
        readonly encryption_enabled: boolean | null;
        readonly unreadable?: ReadonlyArray<{
          /** Whose value is missing, dots between levels (`ecs.total_tasks`); the name of the list itself for what of it is missing. */
          readonly member: string;
          /** What IAM calls the read that failed: `ecs:ListServices`. */
          readonly action: string;
          /** `global` for what has no region. */
          readonly region: string;
          readonly reason: 'denied' | 'throttled' | 'missing' | 'refused' | 'unreachable' | 'failed';
        }> | undefined;
      }>;
      readonly unreadable?: ReadonlyArray<{
        /** Whose value is missing, dots between levels (`ecs.total_tasks`); the name of the list itself for what of it is missing. */
        readonly member: string;
        /** What IAM calls the read that failed: `ecs:ListServices`. */
        readonly action: string;
        /** `global` for what has no region. */
        readonly region: string;
        readonly reason: 'denied' | 'throttled' | 'missing' | 'refused' | 'unreachable' | 'failed';
      }> | undefined;
      /** How many match, over all pages. */
      readonly total: number;
      readonly next_cursor: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'aws_refused' | 'unauthorized' | 'aws_denied' | 'aws_no_account' | 'too_many_requests' | 'aws_unreachable' | 'aws_failed' | 'aws_throttled' | 'store_unavailable';
  };
  /** One bucket: storage classes, lifecycle, encryption, and who may get at it */
  'GET /api/v1/s3/buckets/{bucket_name}/details': {
    readonly input: {
      readonly params: {
        readonly bucket_name: string;
      };
      readonly query?: {
        /** A configured account, for operators. Absent: the session, or the only one. */
        readonly account?: string | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly name: string;
      readonly creation_date: string | null;
      readonly region: string;
      readonly object_count: number | null;
      readonly total_size_bytes: number | null;
      readonly storage_date: string | null;
      readonly versioning_enabled: boolean | null;
      readonly public_access_blocked: boolean | null;
      readonly publicly_accessible: boolean | null;
      readonly encryption_enabled: boolean | null;
      readonly unreadable?: ReadonlyArray<{
        /** Whose value is missing, dots between levels (`ecs.total_tasks`); the name of the list itself for what of it is missing. */
        readonly member: string;
        /** What IAM calls the read that failed: `ecs:ListServices`. */
        readonly action: string;
        /** `global` for what has no region. */
        readonly region: string;
        readonly reason: 'denied' | 'throttled' | 'missing' | 'refused' | 'unreachable' | 'failed';
      }> | undefined;
      readonly storage_class_summary: Readonly<Record<string, number>> | null;
      readonly lifecycle_rules: ReadonlyArray<{
        readonly id: string | null;
        readonly status: 'Enabled' | 'Disabled';
        readonly transitions: ReadonlyArray<{
          readonly days: number | null;
          readonly date: string | null;
          readonly storage_class: string;
        }>;
        readonly noncurrent_transitions: ReadonlyArray<{
          readonly days: number | null;
          readonly storage_class: string;
        }>;
        readonly expiration_days: number | null;
        readonly noncurrent_expiration_days: number | null;
        readonly abort_incomplete_uploads_days: number | null;
        readonly prefix: string | null;
      }> | null;
      readonly encryption: {
        readonly enabled: boolean;
        readonly type: string | null;
        readonly kms_key_id: string | null;
        readonly bucket_key_enabled: boolean;
      } | null;
      readonly versioning: {
        readonly status: 'Enabled' | 'Suspended' | 'Never';
        readonly mfa_delete: boolean;
      } | null;
      readonly public_access_block: {
        readonly account: {
          readonly block_public_acls: boolean;
          readonly ignore_public_acls: boolean;
          readonly block_public_policy: boolean;
          readonly restrict_public_buckets: boolean;
        } | null;
        readonly bucket: {
          readonly block_public_acls: boolean;
          readonly ignore_public_acls: boolean;
          readonly block_public_policy: boolean;
          readonly restrict_public_buckets: boolean;
        } | null;
        readonly effective: {
          readonly block_public_acls: boolean;
          readonly ignore_public_acls: boolean;
          readonly block_public_policy: boolean;
          readonly restrict_public_buckets: boolean;
        } | null;
      };
      readonly policy: {
        readonly exists: boolean;
        readonly public: boolean | null;
      } | null;
      readonly acl: ReadonlyArray<{
        readonly grantee: string;
        readonly kind: 'user' | 'group' | 'email';
        readonly permission: string;
      }> | null;
      readonly public_grants_count: number | null;
      readonly object_ownership: string | null;
      readonly access_logging: {
        readonly enabled: boolean;
        readonly bucket: string | null;
        readonly prefix: string | null;
      } | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'aws_refused' | 'unauthorized' | 'aws_denied' | 'aws_no_account' | 'not_found' | 'too_many_requests' | 'aws_unreachable' | 'aws_failed' | 'aws_throttled' | 'store_unavailable';
  };
  /** Scans of AWS accounts, the newest first */
  'GET /api/v1/scans': {
    readonly input: {
      readonly query?: {
        /** Items a page. */
        readonly limit?: number | undefined;
        /** `nextCursor` of the page before. */
        readonly cursor?: string | undefined;
        /** The account's id in the config. */
        readonly account?: string | undefined;
        readonly accountId?: string | undefined;
        readonly state?: 'requested' | 'running' | 'done' | 'failed' | 'cancelled' | 'abandoned' | undefined;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly items: ReadonlyArray<{
        readonly id: string;
        readonly state: 'requested' | 'running' | 'done' | 'failed' | 'cancelled' | 'abandoned';
        readonly account: string | null;
        readonly accountId: string | null;
        readonly trigger: 'schedule' | 'request';
        readonly requestedBy: string;
        readonly regions: readonly string[] | null;
        readonly requestedAt: string;
        readonly startedAt: string | null;
        readonly endedAt: string | null;
        readonly progress: {
          readonly phase: 'waiting' | 'reading' | 'judging' | 'recording' | 'over';
          /** Steps of this phase as far as they are known. */
          readonly steps: number;
          /** Those of them that are done. */
          readonly done: number;
          /** Calls made to AWS. */
          readonly calls: number;
          readonly opened: number;
          readonly resolved: number;
        };
        readonly tally: {
          readonly open: {
            readonly informational: number;
            readonly low: number;
            readonly medium: number;
            readonly high: number;
            readonly critical: number;
          };
          readonly muted: number;
          readonly opened: number;
          readonly worse: number;
          readonly resolved: number;
        } | null;
        readonly detail: string | null;
      }>;
      /** Null on the last page. */
      readonly nextCursor: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'too_many_requests' | 'store_unavailable';
  };
  /** Scan an account now: a configured one, or the one that the caller is logged in to as well */
  'POST /api/v1/scans': {
    readonly input: {
      readonly body: {
        /** The account's id in the config. Absent: the AWS session's, or else the only one that is configured. */
        readonly account?: string | undefined;
        /** Absent: what the config says, or else all that are enabled. */
        readonly regions?: readonly string[] | undefined;
      };
    };
    readonly status: 202;
    readonly answer: {
      readonly id: string;
      readonly state: 'requested' | 'running' | 'done' | 'failed' | 'cancelled' | 'abandoned';
      readonly account: string | null;
      readonly accountId: string | null;
      readonly trigger: 'schedule' | 'request';
      readonly requestedBy: string;
      readonly regions: readonly string[] | null;
      readonly requestedAt: string;
      readonly startedAt: string | null;
      readonly endedAt: string | null;
      readonly progress: {
        readonly phase: 'waiting' | 'reading' | 'judging' | 'recording' | 'over';
        /** Steps of this phase as far as they are known. */
        readonly steps: number;
        /** Those of them that are done. */
        readonly done: number;
        /** Calls made to AWS. */
        readonly calls: number;
        readonly opened: number;
        readonly resolved: number;
      };
      readonly tally: {
        readonly open: {
          readonly informational: number;
          readonly low: number;
          readonly medium: number;
          readonly high: number;
          readonly critical: number;
        };
        readonly muted: number;
        readonly opened: number;
        readonly worse: number;
        readonly resolved: number;
      } | null;
      readonly detail: string | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'bad_request' | 'unauthorized' | 'forbidden' | 'not_found' | 'conflict' | 'body_too_large' | 'media_type_unsupported' | 'too_many_requests' | 'store_unavailable';
  };
  /** One scan, with its coverage, its figures and what each check said */
  'GET /api/v1/scans/{id}': {
    readonly input: {
      readonly params: {
        readonly id: string;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly id: string;
      readonly state: 'requested' | 'running' | 'done' | 'failed' | 'cancelled' | 'abandoned';
      readonly account: string | null;
      readonly accountId: string | null;
      readonly trigger: 'schedule' | 'request';
      readonly requestedBy: string;
      readonly regions: readonly string[] | null;
      readonly requestedAt: string;
      readonly startedAt: string | null;
      readonly endedAt: string | null;
      readonly progress: {
        readonly phase: 'waiting' | 'reading' | 'judging' | 'recording' | 'over';
        /** Steps of this phase as far as they are known. */
        readonly steps: number;
        /** Those of them that are done. */
        readonly done: number;
        /** Calls made to AWS. */
        readonly calls: number;
        readonly opened: number;
        readonly resolved: number;
      };
      readonly tally: {
        readonly open: {
          readonly informational: number;
          readonly low: number;
          readonly medium: number;
          readonly high: number;
          readonly critical: number;
        };
        readonly muted: number;
        readonly opened: number;
        readonly worse: number;
        readonly resolved: number;
      } | null;
      readonly detail: string | null;
      readonly coverage: {
        readonly regions: readonly string[];
        readonly regionsLeftOut: readonly string[];
        readonly calls: number;
        /** Lists over all their pages, and single things. */
        readonly reads: number;
        readonly denied: number;
        readonly throttled: number;
        readonly failed: number;
        readonly failures: ReadonlyArray<{
          /** IAM's name of what could not be done. */
          readonly action: string;
          readonly region: string;
          readonly kind: 'denied' | 'throttled' | 'missing' | 'refused' | 'unreachable' | 'failed';
          readonly code: string;
          readonly times: number;
        }>;
      } | null;
      readonly figures: Readonly<Record<string, number | null>> | null;
      readonly checks: Readonly<Record<string, {
        readonly PASS: number;
        readonly FAIL: number;
        readonly UNKNOWN: number;
        readonly NOT_APPLICABLE: number;
      }>> | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'unauthorized' | 'not_found' | 'too_many_requests' | 'store_unavailable';
  };
  /** End a scan: what it has found so far stays, the rest is for the next one */
  'POST /api/v1/scans/{id}/cancel': {
    readonly input: {
      readonly params: {
        readonly id: string;
      };
    };
    readonly status: 200;
    readonly answer: {
      readonly id: string;
      readonly state: 'requested' | 'running' | 'done' | 'failed' | 'cancelled' | 'abandoned';
      readonly account: string | null;
      readonly accountId: string | null;
      readonly trigger: 'schedule' | 'request';
      readonly requestedBy: string;
      readonly regions: readonly string[] | null;
      readonly requestedAt: string;
      readonly startedAt: string | null;
      readonly endedAt: string | null;
      readonly progress: {
        readonly phase: 'waiting' | 'reading' | 'judging' | 'recording' | 'over';
        /** Steps of this phase as far as they are known. */
        readonly steps: number;
        /** Those of them that are done. */
        readonly done: number;
        /** Calls made to AWS. */
        readonly calls: number;
        readonly opened: number;
        readonly resolved: number;
      };
      readonly tally: {
        readonly open: {
          readonly informational: number;
          readonly low: number;
          readonly medium: number;
          readonly high: number;
          readonly critical: number;
        };
        readonly muted: number;
        readonly opened: number;
        readonly worse: number;
        readonly resolved: number;
      } | null;
      readonly detail: string | null;
      readonly coverage: {
        readonly regions: readonly string[];
        readonly regionsLeftOut: readonly string[];
        readonly calls: number;
        /** Lists over all their pages, and single things. */
        readonly reads: number;
        readonly denied: number;
        readonly throttled: number;
        readonly failed: number;
        readonly failures: ReadonlyArray<{
          /** IAM's name of what could not be done. */
          readonly action: string;
          readonly region: string;
          readonly kind: 'denied' | 'throttled' | 'missing' | 'refused' | 'unreachable' | 'failed';
          readonly code: string;
          readonly times: number;
        }>;
      } | null;
      readonly figures: Readonly<Record<string, number | null>> | null;
      readonly checks: Readonly<Record<string, {
        readonly PASS: number;
        readonly FAIL: number;
        readonly UNKNOWN: number;
        readonly NOT_APPLICABLE: number;
      }>> | null;
    };
    /** The codes of its refusals. */
    readonly problems: 'unauthorized' | 'forbidden' | 'not_found' | 'conflict' | 'body_too_large' | 'too_many_requests' | 'store_unavailable';
  };
  /** How far a scan is, as server-sent events until it is over */
  'GET /api/v1/scans/{id}/progress': {
    readonly input: {
      readonly params: {
        readonly id: string;
      };
    };
    readonly status: 200;
    readonly answer: AsyncIterable<Uint8Array>;
    /** The codes of its refusals. */
    readonly problems: 'unauthorized' | 'not_found' | 'too_many_requests' | 'store_unavailable';
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
