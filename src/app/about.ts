import { Type } from 'typebox';
import { defineRoute, type Route } from '../kernel/route.ts';
import { instant, nullable, oneOf, toInstant } from '../kernel/schema.ts';
import type { Countries, GeoDatabase } from './country-services.ts';
import { messageStores } from './message-settings.ts';
import { type Config, roles } from './settings.ts';
import { version } from './version.ts';

const databaseWire = Type.Object({
  name: Type.String(),
  builtAt: instant('When its maker made it.'),
  nodes: Type.Integer({ description: 'Of its search tree: about as many ranges does it tell apart.' }),
  bytes: Type.Integer({ description: 'Kept in memory.' }),
  licence: nullable(
    Type.Object({
      name: Type.String({ description: 'SPDX.' }),
      url: Type.String(),
      attribution: Type.Object(
        { text: Type.String(), url: Type.String() },
        { description: 'To be shown, with the link, where results are shown.' },
      ),
    }),
  ),
});

const aboutWire = Type.Object({
  service: Type.Literal('tocsin'),
  version: Type.String(),
  node: Type.String({ description: 'The version of Node.js.' }),
  startedAt: instant(),
  roles: Type.Array(oneOf(roles)),
  store: oneOf(['sqlite', 'postgres']),
  messages: Type.Object({ store: oneOf(messageStores) }),
  geo: Type.Object({
    lookup: Type.Boolean({ description: 'Whether countries of addresses are looked up at all.' }),
    database: nullable(databaseWire),
  }),
});

/** What this process is made of, for whoever operates it or must name its parts' makers. */
export function aboutRoute(options: {
  readonly config: Config;
  readonly store: { readonly dialect: 'sqlite' | 'postgres' };
  readonly countries: Pick<Countries, 'database'>;
  /** Unix ms. */
  readonly startedAt: number;
}): Route {
  const { config, store, countries, startedAt } = options;
  const about = {
    service: 'tocsin',
    version,
    node: process.version,
    startedAt: toInstant(startedAt),
    roles: config.roles,
    store: store.dialect,
    messages: { store: config.messages.store ?? (config.redis.url === undefined ? 'database' : 'redis') },
    geo: { lookup: config.geo.lookup, database: toDatabaseWire(countries.database) },
  } as const;
  return defineRoute({
    method: 'GET',
    path: '/api/v1/about',
    access: { kind: 'operator', scope: 'read' },
    tag: 'Service',
    summary: 'What this process is made of: versions, stores, and the database of countries with its licence',
    reply: { status: 200, schema: aboutWire },
    problems: [],
    handle: async () => about,
  });
}

function toDatabaseWire(database: GeoDatabase | undefined) {
  if (database === undefined) return null;
  const { name, builtAt, nodes, bytes, licence = null } = database;
  return { name, builtAt: toInstant(builtAt), nodes, bytes, licence };
}
