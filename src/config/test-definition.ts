import { Type } from 'typebox';
import { duration, idText, oneOf, secretText } from '../kernel/schema.ts';
import { defineSettings, itemList, pluginList, setting, type PluginKind } from './definition.ts';
import { loadConfig } from './load-config.ts';
import { formatFault } from './origin.ts';
import type { FileText, ReadFile } from './read-file.ts';

const web: PluginKind = {
  kind: 'web',
  summary: 'Posts to a URL',
  settings: Type.Object({
    url: Type.String({ pattern: '^https?://', expected: 'an http or https URL', description: 'Where to' }),
    method: oneOf(['POST', 'PUT'], { default: 'POST', description: 'How' }),
    headers: Type.Record(Type.String({ pattern: '^[A-Za-z-]+$' }), secretText({ description: 'A header' }), {
      default: {},
      description: 'Headers that are secret',
    }),
    keys: Type.Array(secretText({ description: 'A key' }), {
      default: [],
      maxItems: 2,
      description: 'Keys that sign',
    }),
  }),
  check: (settings) =>
    settings['method'] === 'PUT' ? [{ path: 'method', message: 'is not allowed today' }] : [],
};

const mail: PluginKind = {
  kind: 'mail',
  summary: 'Mails',
  settings: Type.Object({
    host: Type.String({ description: 'The server' }),
    port: Type.Integer({ minimum: 1, maximum: 65_535, default: 587, description: 'Its port' }),
    password: Type.Optional(secretText({ description: 'The password', minLength: 4 })),
    to: Type.Array(Type.String({ minLength: 1 }), {
      minItems: 1,
      uniqueItems: true,
      description: 'Recipients',
    }),
  }),
};

/** A definition with one of everything. */
export const definition = defineSettings({
  name: 'acme',
  settings: {
    'http.port': setting(
      Type.Integer({ minimum: 1, maximum: 65_535, default: 9000, description: 'Port to listen on' }),
      { env: ['ACME_PORT'], flag: 'port' },
    ),
    'http.plain': setting(Type.Boolean({ default: false, description: 'Whether plain HTTP is allowed' }), {
      env: ['ACME_PLAIN'],
    }),
    'http.limits.body': setting(Type.Integer({ minimum: 1, default: 1024, description: 'Bytes at most' })),
    dataDir: setting(Type.String({ minLength: 1, default: './data', description: 'Where data lies' }), {
      env: ['ACME_DATA_DIR'],
      flag: 'data-dir',
    }),
    roles: setting(
      Type.Array(oneOf(['api', 'deliver']), { default: ['api'], minItems: 1, description: 'What it does' }),
      { env: ['ACME_ROLES'] },
    ),
    retention: setting(duration({ default: '90d', description: 'How long events are kept' }), {
      env: ['ACME_RETENTION'],
    }),
    'access.token': setting(Type.Optional(secretText({ description: 'The token' })), { env: ['ACME_TOKEN'] }),
    'webhook.key': setting(Type.Optional(secretText({ description: 'The key' })), {
      env: ['SIGNATURE_KEY'],
      emptyIsUnset: true,
    }),
    'app.id': setting(Type.Optional(Type.String({ description: 'Our own application' })), {
      env: ['SCREEN_APPLICATION_ID', 'SQREEN_APPLICATION_ID'],
    }),
  },
  lists: {
    targets: pluginList({
      description: 'Where events go to',
      kinds: [web, mail],
      common: Type.Object({
        concurrency: Type.Integer({ minimum: 1, default: 4, description: 'Sends at once' }),
      }),
      default: [{ id: 'home', kind: 'web', url: 'http://localhost/' }],
    }),
    rules: itemList({
      description: 'Which events go where',
      item: Type.Object({
        when: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'Conditions' })),
        targets: Type.Array(idText('A target'), { description: 'Ids of targets', examples: [['web']] }),
      }),
      check: (rules, idsOf) =>
        rules.flatMap(({ targets }, rule) =>
          targets.flatMap((id, index) =>
            idsOf('targets').includes(id)
              ? []
              : [{ path: `rules[${rule}].targets[${index}]`, message: 'is the id of no target' }],
          ),
        ),
    }),
  },
  otherEnv: ['ACME_NO_COLOR'],
  unusedEnv: { SQREEN_TOKEN: 'is accepted and not used' },
  check: ({ http }) =>
    http.plain && http.port === 443 ? [{ path: 'http.plain', message: 'cannot be with port 443' }] : [],
});

export interface World {
  /** `acme.yaml` in the working directory. */
  readonly yaml?: string;
  readonly dotEnv?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly flags?: Readonly<Record<string, unknown>>;
  /** Other files by absolute path. The working directory is `/srv`. */
  readonly files?: Readonly<Record<string, string | FileText>>;
}

/** Loads from files that are only in memory. */
export function load({ yaml, dotEnv, env = {}, flags = {}, files = {} }: World) {
  const all = new Map<string, string | FileText>(Object.entries(files));
  if (yaml !== undefined) all.set('/srv/acme.yaml', yaml);
  if (dotEnv !== undefined) all.set('/srv/.env', dotEnv);
  const readFile: ReadFile = (path, bytesMax) => {
    const file = all.get(path) ?? { kind: 'absent' };
    if (typeof file !== 'string') return file;
    return Buffer.byteLength(file) > bytesMax ? { kind: 'too_large' } : { kind: 'text', text: file };
  };
  return loadConfig({ definition, env, cwd: '/srv', flags, readFile });
}

/** The config of a world in which nothing is wrong. */
export function configOf(world: World) {
  const loaded = load(world);
  if (loaded.kind === 'faulty') throw new Error(loaded.faults.map(formatFault).join('\n'));
  return loaded.config;
}

/** Every fault as the line that a reader sees. */
export function faultsOf(world: World): readonly string[] {
  const loaded = load(world);
  return loaded.kind === 'faulty' ? loaded.faults.map(formatFault) : [];
}

export function warningsOf(world: World): readonly string[] {
  return load(world).warnings.map(formatFault);
}
