import { Type } from 'typebox';
import { type AuditEntry, auditWrite } from '../access/audit.ts';
import type { ConfigRow } from '../config/explain-config.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Fault } from '../kernel/fault.ts';
import { Problem } from '../kernel/problem.ts';
import { defineRoute, type Route } from '../kernel/route.ts';
import type { Journal } from '../storage/journal.ts';

export interface ConfigRoutesOptions {
  readonly explain: () => readonly ConfigRow[];
  /** Loads the config anew; faults leave the one in force as it is. */
  readonly reload: () => Promise<readonly Fault[]>;
  readonly journal: Journal;
  readonly clock: Clock;
}

const rowWire = Type.Object({
  path: Type.String(),
  value: Type.Optional(Type.Unknown({ description: 'Secrets are masked. Absent when not set.' })),
  origin: Type.String({ description: 'Where it was set: `tocsin.yaml:12`, `env TOCSIN_PORT`, `default`.' }),
});

export function configRoutes({ explain, reload, journal, clock }: ConfigRoutesOptions): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/v1/config',
      access: { kind: 'operator', scope: 'admin' },
      tag: 'Config',
      summary: 'Every setting in force and where it was set; secrets masked',
      reply: { status: 200, schema: Type.Object({ items: Type.Array(rowWire) }) },
      problems: [],
      handle: async () => ({ items: explain() }),
    }),
    defineRoute({
      method: 'POST',
      path: '/api/v1/config/reload',
      access: { kind: 'operator', scope: 'admin' },
      tag: 'Config',
      summary: 'Read the config again; with faults the one in force stays',
      reply: { status: 200, schema: Type.Object({ reloaded: Type.Literal(true) }) },
      problems: ['config_faulty', 'store_unavailable'],
      async handle({ actor }) {
        const faults = await reload();
        if (faults.length > 0) {
          throw new Problem('config_faulty', 'The config has faults. The one in force stays.', {
            members: { errors: faults.map(({ path, message }) => ({ path, message })) },
          });
        }
        const entry: AuditEntry = {
          at: clock.now(),
          actor: actor?.id ?? 'unknown',
          action: 'config.reload',
          subject: 'config',
        };
        await journal.submit([{ writes: [auditWrite(entry)] }]);
        return { reloaded: true };
      },
    }),
  ];
}
