import { CompiledQuery } from 'kysely';
import { kyselyOver } from '../../src/storage/kysely-dialect.ts';
import type { Store } from '../../src/storage/store.ts';
import type { Stage } from './on-each-store.ts';

/** One step of a plan that reads rows. */
export interface Access {
  /** The index's name; `id` for a primary key, undefined for a whole table. */
  readonly index: string | undefined;
  /** Whether it begins at a place in the index rather than at its end. */
  readonly seeks: boolean;
}
export interface Plan {
  readonly reads: readonly Access[];
  readonly sorts: boolean;
  readonly text: string;
}

/** What the database does for the queries that `ask` makes, in their order. */
export async function plansOf(stage: Stage, ask: (store: Store) => Promise<unknown>): Promise<Plan[]> {
  const queries: CompiledQuery[] = [];
  const recording = kyselyOver(stage.dialect, async (query) => {
    queries.push(query);
    const { rows } = await stage.store.read.executeQuery<Record<string, unknown>>(
      CompiledQuery.raw('SELECT 0 AS total WHERE 1 = 0'),
    );
    return { rows, changes: 0 };
  });
  // What a query finds is of no matter here, and a missing row may be a fault to who asked.
  await ask({ ...stage.store, read: recording, write: recording }).catch(() => undefined);
  return Promise.all(queries.map((query) => explain(stage, query)));
}

/** What is cheap while a table is small: it would hide that there is no way for when it is large. */
const WITHOUT_SHORT_CUTS = ['seqscan', 'hashjoin', 'mergejoin'].map((way) =>
  CompiledQuery.raw(`SET LOCAL enable_${way} = off`),
);

/** What the database does for one query. */
export async function explain({ dialect, store }: Stage, { sql, parameters }: CompiledQuery): Promise<Plan> {
  const words = dialect === 'sqlite' ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN (COSTS OFF)';
  const results = await store.transact([
    ...(dialect === 'sqlite' ? [] : WITHOUT_SHORT_CUTS),
    CompiledQuery.raw(`${words} ${sql}`, [...parameters]),
  ]);
  const lines = (results.at(-1)?.rows ?? []).map((row) => String(row['detail'] ?? row['QUERY PLAN']));
  const reads = lines.flatMap(dialect === 'sqlite' ? sqliteAccess : postgresAccess);
  return {
    reads,
    sorts: lines.some((line) => /TEMP B-TREE FOR ORDER BY|^\s*(->)?\s*(Incremental )?Sort\b/.test(line)),
    text: lines.join('\n'),
  };
}

/** Those that grow. What is looked up by its key for a row that is read anyway (acknowledgements) is not counted. */
const TABLES =
  '(?:events|event_keys|deliveries|attempts|audit|tokens|matters|messages|notes|search|search_entries|incidents|aws_findings|aws_scans)';

function sqliteAccess(line: string): Access[] {
  const found = new RegExp(
    `^(SCAN|SEARCH) (?:${TABLES}|d)\\b(?: EXISTS)?(?: USING (?:COVERING )?(?:INDEX (\\w+)|(PRIMARY KEY)))?`,
  ).exec(line);
  if (found === null) return [];
  const [, verb, index, primary] = found;
  return [{ index: primary === undefined ? nameOf(index) : 'id', seeks: verb === 'SEARCH' }];
}

function postgresAccess(line: string, at: number, lines: readonly string[]): Access[] {
  if (/Seq Scan on/.test(line))
    return new RegExp(`Seq Scan on ${TABLES}`).test(line) ? [{ index: undefined, seeks: false }] : [];
  const found = new RegExp(
    `(?:Index(?: Only)? Scan(?: Backward)? using (\\w+) on ${TABLES}\\b|Bitmap Index Scan on (\\w+))`,
  ).exec(line);
  if (found === null) return [];
  return [{ index: nameOf(found[1] ?? found[2]), seeks: /Index Cond/.test(lines[at + 1] ?? '') }];
}

const nameOf = (index: string | undefined): string | undefined =>
  index === undefined
    ? undefined
    : index
        .replace(/^sqlite_autoindex_tokens_2$|^tokens_hash_key$/, 'hash')
        .replace(/^sqlite_autoindex_\w+$|^\w+_pkey$/, 'id');

export const indexesOf = ({ reads }: Plan) => reads.map(({ index }) => index);
