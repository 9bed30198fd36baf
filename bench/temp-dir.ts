import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A fresh directory, removed with all that is in it at close. */
export class TempDir {
  readonly path = mkdtempSync(join(tmpdir(), 'tocsin-bench-'));

  file(name: string): string {
    return join(this.path, name);
  }

  close(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
