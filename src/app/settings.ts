import { Type } from 'typebox';
import { type ConfigOf, defineSettings, itemList, pluginList, setting } from '../config/definition.ts';
import { parseCidr } from '../kernel/address.ts';
import { durationMs } from '../kernel/duration.ts';
import { isEgressEntry } from '../kernel/egress.ts';
import type { Fault } from '../kernel/fault.ts';
import { duration, idText, oneOf, secretText } from '../kernel/schema.ts';
import { feedKinds } from '../incidents/feeds/kinds/index.ts';
import { feedFaults, typeFaults } from '../incidents/feeds/open-feed.ts';
import { type FeedSettings, feedSettings } from '../incidents/feeds/settings.ts';
import { checkFallbacks, checkNames, checkSourceIds } from '../registry/check-objects.ts';
import { checkRules } from '../rules/check.ts';
import { ruleSettings } from '../rules/schema.ts';
import { sourceKinds } from '../sources/kinds/index.ts';
import { schemeFaults } from '../sources/open-source.ts';
import { type VerificationSettings, verificationSettings } from '../sources/schemes/settings.ts';
import type { SourceKind } from '../sources/source.ts';
import { targetKinds } from '../targets/kinds/index.ts';
import { targetSettings } from '../targets/open-target.ts';
import type { TargetKind } from '../targets/target.ts';
import { transportFaults, type TransportSettings } from '../targets/transport.ts';
import { checkIds } from '../aws/checks/ids.ts';
import { accountFaults, accountSettings } from '../aws/settings.ts';
import { awsFaults, awsSettings } from './aws-settings.ts';
import { countryFaults, countrySettings } from './country-settings.ts';
import { ENVIRONMENT_FEED, incidentFaults, incidentSettings } from './incident-settings.ts';
import { messageFaults, messageSettings } from './message-settings.ts';
import { telemetryFaults, telemetrySettings } from './telemetry-settings.ts';

/** There without being declared, so that the default rule of an empty config has somewhere to go. */
export const BUILT_IN_TARGET = 'log';

export const roles = ['api', 'deliver', 'collect'] as const;
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;

const MEBIBYTE = 1_048_576;
/** What a lease must outlast an attempt by, so that a slow receiver is not sent to twice. */
const LEASE_MARGIN_MS = 10_000;

const http = {
  'http.port': setting(
    Type.Integer({
      minimum: 0,
      maximum: 65_535,
      default: 9000,
      description: 'TCP port; 0 takes a free one.',
    }),
    { env: ['TOCSIN_PORT'], flag: 'port' },
  ),
  'http.host': setting(
    Type.String({
      minLength: 1,
      default: '127.0.0.1',
      description:
        'Address to bind to. Anything but loopback needs TLS, `http.trustedProxies`, or `http.allowPlain`.',
    }),
    { env: ['TOCSIN_HOST'], flag: 'host' },
  ),
  'http.publicUrl': setting(
    Type.Optional(
      Type.String({
        pattern: '^https?://[^\\s?#]+$',
        expected: 'an http or https URL without query',
        description: 'Base of every link made. Absent: the address bound to.',
      }),
    ),
    { env: ['TOCSIN_PUBLIC_URL'] },
  ),
  'http.allowPlain': setting(
    Type.Boolean({ default: false, description: 'Whether to serve plain HTTP beyond loopback.' }),
    { env: ['TOCSIN_ALLOW_PLAIN_HTTP'] },
  ),
  'http.trustedProxies': setting(
    Type.Array(
      Type.String({ pattern: '^[0-9a-fA-F.:]+(/[0-9]{1,3})?$', expected: 'an address or a network' }),
      {
        default: [],
        maxItems: 50,
        description:
          'Addresses or networks of reverse proxies whose `X-Forwarded-For` and `-Proto` are believed.',
      },
    ),
    { env: ['TOCSIN_TRUSTED_PROXIES'] },
  ),
  'http.tlsCert': setting(
    Type.Optional(
      Type.String({
        minLength: 1,
        description: 'PEM file of the certificate chain; read again when it changes.',
      }),
    ),
    { env: ['TOCSIN_TLS_CERT'] },
  ),
  'http.tlsKey': setting(
    Type.Optional(Type.String({ minLength: 1, description: "PEM file of the certificate's key." })),
    { env: ['TOCSIN_TLS_KEY'] },
  ),
  'http.tlsClientCa': setting(
    Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'PEM file of the authorities whose client certificates sources with `scheme: mtls` take. Absent: no client is asked for one.',
      }),
    ),
    { env: ['TOCSIN_TLS_CLIENT_CA'] },
  ),
  'http.healthPort': setting(
    Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 65_535,
        description:
          'A second port, where `/livez` and `/readyz` alone are answered, in plain HTTP and whatever the roles: for probes. Absent: none.',
      }),
    ),
    { env: ['TOCSIN_HEALTH_PORT'] },
  ),
  'http.requestTimeout': setting(
    duration({ default: '30s', description: 'For a whole request to arrive; then 408.' }),
  ),
  'http.webhookBytesMax': setting(
    Type.Integer({
      minimum: 1024,
      maximum: 64 * MEBIBYTE,
      default: 16 * MEBIBYTE,
      description: 'Bytes of one webhook body; more answers 413 before anything is hashed.',
    }),
  ),
  'http.requestsPerMinute': setting(
    Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      default: 6_000,
      description:
        'Requests a minute and client to all routes but health and signed ones; then 429. 0: no limit. Counted by each process for itself.',
    }),
  ),
  'http.unverifiedPerMinute': setting(
    Type.Integer({
      minimum: 1,
      maximum: 100_000,
      default: 300,
      description: 'Webhook requests a minute and client whose signature does not verify; then 429.',
    }),
  ),
};

const storage = {
  'data.directory': setting(
    Type.String({ minLength: 1, default: 'data', description: 'The SQLite store, the master key.' }),
    { env: ['TOCSIN_DATA_DIR'], flag: 'data-dir' },
  ),
  'database.url': setting(
    Type.Optional(secretText({ description: '`postgres://…`. Absent: SQLite in the data directory.' })),
    { env: ['DATABASE_URL'], emptyIsUnset: true },
  ),
  'redis.url': setting(
    Type.Optional(
      secretText({
        description:
          '`redis://…` or `rediss://…`: where replicas share short-lived values such as the counters of rate limits. Absent: in PostgreSQL; with SQLite in memory.',
      }),
    ),
    { env: ['REDIS_URL'], emptyIsUnset: true },
  ),
  masterKey: setting(
    Type.Optional(
      secretText({
        minLength: 16,
        description:
          'Seals stored secrets and sessions. With SQLite made in the data directory when absent; needed with PostgreSQL, the same on every replica.',
      }),
    ),
    { env: ['TOCSIN_MASTER_KEY'] },
  ),
  masterKeyPrevious: setting(
    Type.Optional(
      secretText({
        minLength: 16,
        description:
          'The master key before: what is sealed under it opens too, while `tocsin rotate-key` seals anew.',
      }),
    ),
    { env: ['TOCSIN_MASTER_KEY_PREVIOUS'], emptyIsUnset: true },
  ),
  'events.dedupeWindow': setting(
    duration({
      default: '24h',
      description:
        "For so long a sender's repeat is absorbed; where a time is signed, for twice the tolerance at least.",
    }),
  ),
  'events.retention': setting(
    duration({ default: '90d', description: 'Events with their deliveries are deleted after that.' }),
  ),
};

const operation = {
  'audit.retention': setting(
    duration({ default: '400d', description: 'Entries of the audit log are deleted after that.' }),
  ),
  token: setting(
    Type.Optional(
      secretText({
        minLength: 16,
        description: "The operators' token. Absent: one is made at the first start and printed once.",
      }),
    ),
    { env: ['TOCSIN_TOKEN'], emptyIsUnset: true },
  ),
  roles: setting(
    Type.Array(oneOf(roles), {
      minItems: 1,
      default: [...roles],
      description: 'What this process does: answer HTTP, send deliveries, collect from feeds and accounts.',
    }),
    { env: ['TOCSIN_ROLES'] },
  ),
  'log.level': setting(oneOf(logLevels, { default: 'info', description: 'The least severe level logged.' }), {
    env: ['TOCSIN_LOG_LEVEL'],
  }),
  'log.file': setting(
    Type.Optional(
      Type.String({ minLength: 1, description: "The service's own log. Absent: standard output." }),
    ),
    { env: ['TOCSIN_LOG_FILE'] },
  ),
  'log.keepDays': setting(
    Type.Integer({
      minimum: 1,
      maximum: 3_650,
      default: 30,
      description:
        'Days that a log file is kept. At local midnight the file becomes `<name>.<yymmdd>` and a new one begins.',
    }),
    { env: ['TOCSIN_LOG_KEEP_DAYS'] },
  ),
  'delivery.lease': setting(
    duration({
      default: '60s',
      description:
        "For so long a delivery in memory is one process's alone; after a crash another takes it up then. Longer than any target's time-out by 10 s.",
    }),
  ),
  'egress.allow': setting(
    Type.Array(Type.String({ minLength: 1, maxLength: 256 }), {
      default: [],
      maxItems: 200,
      description:
        'Networks, hosts or host:port that targets may reach though they are not public addresses.',
    }),
  ),
};

const routing = {
  default: setting(
    Type.Array(idText('The id of a target.'), {
      default: ['log'],
      maxItems: 100,
      description: 'Targets of events that no rule takes. Empty: they are kept and marked unrouted.',
    }),
  ),
  admins: setting(
    Type.Array(idText('The id of a target.'), {
      default: ['log'],
      maxItems: 100,
      description: 'Targets of internal security alerts: events about our own application.',
    }),
  ),
  'application.id': setting(
    Type.Optional(
      Type.String({ minLength: 1, maxLength: 256, description: "Our own application's id at the sender." }),
    ),
    { env: ['SCREEN_APPLICATION_ID', 'SQREEN_APPLICATION_ID'] },
  ),
  'application.name': setting(
    Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description: "Our own application's name: another way to know it.",
      }),
    ),
    { env: ['SQREEN_APP_NAME'] },
  ),
  signatureKey: setting(
    Type.Optional(
      secretText({
        description:
          'Key of `POST /v1/webhook`: a source `sqreen` without a file. Absent or empty: that source is off.',
      }),
    ),
    { env: ['SIGNATURE_KEY'], emptyIsUnset: true },
  ),
  signatureKeyPrevious: setting(
    Type.Optional(secretText({ description: 'The key before, still taken while senders change over.' })),
    { env: ['SIGNATURE_KEY_PREVIOUS'], emptyIsUnset: true },
  ),
};

/** A source's settings must fit the way its requests are proved. */
function checkScheme(kind: string, member: Readonly<Record<string, unknown>>): readonly Fault[] {
  const found = sourceKinds.find((one: SourceKind) => one.kind === kind);
  // Asked only about a member that its schema takes.
  return found === undefined ? [] : schemeFaults(found, member as VerificationSettings);
}

/** A target's certificates and proxy must be of use to its kind, and the files there. */
function checkTransport(kind: string, member: Readonly<Record<string, unknown>>): readonly Fault[] {
  const found = targetKinds.find((one: TargetKind) => one.kind === kind);
  // Asked only about a member that its schema takes.
  return found === undefined ? [] : transportFaults(found, member as TransportSettings, 'file');
}

/** Every setting, composed from the domains' parts. The reference, the example and the JSON Schema come from it. */
export const definition = defineSettings({
  name: 'tocsin',
  settings: {
    ...http,
    ...storage,
    ...operation,
    ...telemetrySettings,
    ...routing,
    ...messageSettings,
    ...countrySettings,
    ...incidentSettings,
    ...awsSettings,
  },
  lists: {
    sources: pluginList({
      description: 'Where events come from, beside what the environment configures.',
      kinds: sourceKinds,
      common: verificationSettings,
      checkMember: checkScheme,
    }),
    targets: pluginList({
      description:
        'Where events go. A target `log` (standard output) is there unless one with that id is declared.',
      kinds: targetKinds,
      common: targetSettings,
      checkMember: checkTransport,
    }),
    feeds: pluginList({
      description: 'Where incidents come from, beside what the environment configures.',
      kinds: feedKinds,
      common: feedSettings,
      // Asked only about a member that its schema takes.
      checkMember: (_kind, member) => typeFaults(member as FeedSettings),
    }),
    accounts: itemList({
      description: 'AWS accounts that are read and scanned without anybody being logged in.',
      item: accountSettings,
      check: accountFaults,
    }),
    rules: itemList({
      description:
        'Which events go to which targets: asked in order, the first match ends it unless it continues.',
      item: ruleSettings,
      // A file stands by itself: its rules name its own targets, so that no change over the API breaks them.
      check: (rules, idsOf) => checkRules(rules, { targetIds: [...idsOf('targets'), BUILT_IN_TARGET] }),
    }),
  },
  otherEnv: ['TOCSIN_URL'],
  unusedEnv: {
    SQREEN_TOKEN: 'is accepted from the original service and not used',
  },
  check: (config, idsOf): Fault[] => [
    ...checkBinding(config.http),
    ...telemetryFaults(config),
    ...messageFaults(config),
    ...countryFaults(config),
    ...incidentFaults(config),
    ...awsFaults(config, new Set(checkIds)),
    ...feedFaults(
      config.feeds,
      config.incidents.url === undefined ? [] : [ENVIRONMENT_FEED],
      idsOf('sources'),
    ),
    ...checkClientCa(config.http, config.sources),
    ...checkTimes(config.delivery.lease, config.targets),
    ...config.http.trustedProxies.flatMap((entry, index) =>
      parseCidr(entry) === undefined
        ? [{ path: `http.trustedProxies[${index}]`, message: 'must be an address or a network' }]
        : [],
    ),
    ...checkNames('default', config.default, [...idsOf('targets'), BUILT_IN_TARGET]),
    ...checkNames('admins', config.admins, [...idsOf('targets'), BUILT_IN_TARGET]),
    ...config.egress.allow.flatMap((entry, index) =>
      isEgressEntry(entry)
        ? []
        : [{ path: `egress.allow[${index}]`, message: 'must be a network, an address, a host or host:port' }],
    ),
    ...(config.database.url !== undefined && config.masterKey === undefined
      ? [
          {
            path: 'masterKey',
            message: 'PostgreSQL needs it: set TOCSIN_MASTER_KEY, the same on every replica',
          },
        ]
      : []),
    ...(config.database.url !== undefined && !/^postgres(ql)?:\/\//.test(config.database.url)
      ? [{ path: 'database.url', message: 'must begin with postgres://' }]
      : []),
    ...(config.redis.url === undefined || isRedisUrl(config.redis.url)
      ? []
      : [{ path: 'redis.url', message: 'must be a URL that begins with redis:// or rediss://' }]),
    ...checkSourceIds(config.sources, (_, index) => `sources[${index}]`),
    ...checkFallbacks(
      config.targets,
      [...idsOf('targets'), BUILT_IN_TARGET],
      (_, index) => `targets[${index}]`,
    ),
  ],
});
export type Config = ConfigOf<(typeof definition)['settings'], (typeof definition)['lists']>;

const isRedisUrl = (text: string): boolean => /^rediss?:\/\//.test(text) && URL.canParse(text);

/** Base of every link, without a trailing slash; undefined when not set. */
export const publicUrlOf = ({ http }: Config): string | undefined => http.publicUrl?.replace(/\/+$/, '');

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

interface Binding {
  readonly host: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly trustedProxies: readonly string[];
  readonly allowPlain: boolean;
}

/** Operators' tokens and messages must not cross a network in the clear unless somebody said so. */
function checkBinding(config: Binding): Fault[] {
  const faults: Fault[] = [];
  if ((config.tlsCert === undefined) !== (config.tlsKey === undefined)) {
    faults.push({
      path: 'http.tlsCert',
      message: 'the certificate and its key go together: set both or none',
    });
  }
  const guarded = config.tlsCert !== undefined || config.trustedProxies.length > 0 || config.allowPlain;
  if (!isLoopback(config.host) && !guarded) {
    faults.push({
      path: 'http.host',
      message:
        'beyond loopback set TLS (http.tlsCert, http.tlsKey), or name the proxy that ends it (http.trustedProxies), or allow plain HTTP (TOCSIN_ALLOW_PLAIN_HTTP=true)',
    });
  }
  return faults;
}

/** Without authorities no client is asked for a certificate, and without TLS none can be. */
function checkClientCa(
  { tlsCert, tlsClientCa }: { readonly tlsCert?: string; readonly tlsClientCa?: string },
  sources: readonly { readonly scheme?: string }[],
): Fault[] {
  if (tlsClientCa !== undefined) {
    const message = 'needs our own TLS listener: set http.tlsCert and http.tlsKey';
    return tlsCert === undefined ? [{ path: 'http.tlsClientCa', message }] : [];
  }
  return sources.flatMap(({ scheme }, index) =>
    scheme === 'mtls' ? [{ path: `sources[${index}].scheme`, message: MTLS_NEEDS_CA }] : [],
  );
}

export const MTLS_NEEDS_CA = 'mtls needs http.tlsClientCa: whose certificates to believe';

function checkTimes(lease: string, targets: readonly { readonly timeout: string }[]): Fault[] {
  return targets.flatMap(({ timeout }, index) => {
    const message = leaseFault(lease, timeout);
    return message === undefined ? [] : [{ path: `targets[${index}].timeout`, message }];
  });
}

/** What is wrong with a target's time-out. */
export const leaseFault = (lease: string, timeout: string): string | undefined =>
  durationMs(timeout) + LEASE_MARGIN_MS > durationMs(lease)
    ? 'must be at least 10s shorter than delivery.lease'
    : undefined;
