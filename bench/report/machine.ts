import { arch, cpus, loadavg, release, totalmem, type } from 'node:os';
import { DatabaseSync } from '@photostructure/sqlite';
import { msPerSync } from '../slow-sync.ts';
import { TempDir } from '../temp-dir.ts';

/** On what the figures were taken. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** GB of 10^9 bytes. */
  readonly memoryGb: number;
  readonly kernel: string;
  readonly node: string;
  readonly sqlite: string;
  /** Median of one fdatasync in the folder of temporary files, where the data directories are, ms. */
  readonly syncMs: number;
  /** Processes that wanted a core before the bench began (1-minute load average): noise, when not near 0. */
  readonly loadBefore: number;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    kernel: `${type()} ${release()} ${arch()}`,
    node: process.version,
    sqlite: sqliteVersion(),
    syncMs: syncMs(),
    loadBefore: Number((loadavg()[0] ?? 0).toFixed(2)),
  };
}

/** Of the library the service uses: Node's own where it has one. */
function sqliteVersion(): string {
  if (process.versions['sqlite']) return process.versions['sqlite'];
  const db = new DatabaseSync(':memory:');
  const statement = db.prepare('SELECT sqlite_version() AS version');
  const row: unknown = statement.get();
  db.close();
  return typeof row === 'object' && row !== null && 'version' in row ? String(row.version) : 'unknown';
}

function syncMs(): number {
  const dir = new TempDir();
  try {
    return Number(msPerSync(dir).toFixed(3));
  } finally {
    dir.close();
  }
}
