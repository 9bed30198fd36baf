import { atLeast, median, type Goal, type Report, type Row } from './report.ts';

/** Ratios between benchmarks of one and the same run; each needs both. */
interface Comparison {
  readonly what: string;
  readonly of: string;
  readonly to: string;
  readonly goal?: Goal;
}

const COMPARISONS: readonly Comparison[] = [
  {
    what: 'ingest, SQLite, to the original (four tasks)',
    of: 'ingest-sqlite.rate',
    to: 'original.four-tasks.rate',
    goal: atLeast(20),
  },
  {
    what: 'ingest, SQLite, to the original (one task)',
    of: 'ingest-sqlite.rate',
    to: 'original.one-task.rate',
  },
  {
    what: 'ingest, PostgreSQL, to the original (four tasks)',
    of: 'ingest-postgresql.rate',
    to: 'original.four-tasks.rate',
    goal: atLeast(20),
  },
  {
    what: 'ingest, SQLite, to what Alertmanager accepts',
    of: 'ingest-sqlite.rate',
    to: 'alertmanager.accepted',
    goal: atLeast(2),
  },
  {
    what: 'ingest, PostgreSQL, to what Alertmanager accepts',
    of: 'ingest-postgresql.rate',
    to: 'alertmanager.accepted',
    goal: atLeast(2),
  },
  {
    what: 'delivered, SQLite, to Alertmanager',
    of: 'end-to-end-sqlite.delivered',
    to: 'alertmanager.delivered',
    goal: atLeast(2),
  },
  {
    what: 'delivered, PostgreSQL, to Alertmanager',
    of: 'end-to-end-postgresql.delivered',
    to: 'alertmanager.delivered',
  },
  {
    what: 'end to end p99 at 1,000/s, Alertmanager to SQLite',
    of: 'alertmanager.open.p99',
    to: 'end-to-end-sqlite.open.p99',
  },
];

/** Undefined when no two benchmarks that can be compared ran. */
export function compare(reports: readonly Report[]): Report | undefined {
  const rows = reports.flatMap((report) => report.rows);
  const compared = COMPARISONS.flatMap((comparison) => rowOf(comparison, rows));
  if (compared.length === 0) return undefined;
  return { name: 'comparison', title: 'medians of this run, divided', rows: compared, notes: [] };
}

function rowOf({ what, of, to, goal }: Comparison, rows: readonly Row[]): Row[] {
  const [upper, lower] = [of, to].map((key) => rows.find((row) => row.key === key));
  if (!upper || !lower) return [];
  const value = median(upper.values) / median(lower.values);
  return [{ key: `comparison.${of}/${to}`, what, unit: 'ratio', values: [value], ...(goal ? { goal } : {}) }];
}
