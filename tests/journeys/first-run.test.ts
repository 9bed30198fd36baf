import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, listAt, textAt } from '../support/ask.ts';
import { newDirectory, type ServiceOptions, spawnService } from '../support/service.ts';
import { until } from '../support/until.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';

afterAll(endOfVisits);

/** Nothing is set at all, as on a fresh machine; a production one at that. */
const nothingSet: ServiceOptions['env'] = {
  NODE_ENV: 'production',
  TOCSIN_TOKEN: undefined,
  SIGNATURE_KEY: undefined,
  TOCSIN_MASTER_KEY: undefined,
};
const tokenIn = (text: string): string | undefined => /#token=(\S+)/.exec(text)?.[1];
const hasCurl = spawnSync('curl', ['--version']).status === 0;

describe('the first start on a fresh machine', () => {
  let first: Visit;
  let token: string;
  beforeAll(async () => {
    first = await visit({ env: nothingSet });
    token = tokenIn(first.service.stderr()) ?? '';
  });

  const asOperator = (there: Visit, path: string) =>
    there.ask({ path, headers: { authorization: `Bearer ${token}` } });

  it('prints a link with the token, once, and nowhere else', () => {
    expect(token.length).toBeGreaterThan(40);
    const { stdout, stderr } = first.service;
    expect(stderr()).toContain(`${first.url}/#token=${token}`);
    expect(stderr().split(token)).toHaveLength(2);
    expect(stdout()).not.toContain(token);
  });

  it('makes that token an administrator’s, kept as a hash only', async () => {
    expect(at((await asOperator(first, '/api/v1/session')).json, 'scope')).toBe('admin');
    for (const file of ['tocsin.db', 'tocsin.db-wal']) {
      expect(readFileSync(join(first.service.directory, 'data', file)).includes(token)).toBe(false);
    }
  });

  it('keeps its data and its master key from other users', () => {
    const mode = (path: string): number => statSync(join(first.service.directory, path)).mode & 0o077;
    expect(mode('data')).toBe(0);
    expect(mode('data/master.key')).toBe(0);
  });

  it.skipIf(!hasCurl)(
    `prints a command that, pasted into a shell, makes an event travel${hasCurl ? '' : ' [skipped: no curl]'}`,
    async () => {
      const [, command = ''] = /^(curl (?:.*\\\n)*.*)$/m.exec(first.service.stderr()) ?? [];
      const { stdout } = await promisify(execFile)('sh', ['-c', command]);
      expect(stdout).toBe('{"status": true}');
      const delivered = await until('the delivery', async () => {
        const { json } = await asOperator(first, '/api/v1/deliveries?status=delivered');
        return listAt(json, 'items')[0];
      });
      expect(at(delivered, 'target')).toBe('log');
      expect(first.service.stdout()).toContain(textAt(delivered, 'event'));
      // Pasted again it is a repeat, and no second event.
      await promisify(execFile)('sh', ['-c', command]);
      expect(listAt((await asOperator(first, '/api/v1/events')).json, 'items')).toHaveLength(1);
    },
  );

  it('is followed by starts that print no token and take the same one', async () => {
    expect(await first.service.stop()).toBe(0);
    const second = await visit({ env: nothingSet, directory: first.service.directory });
    expect(tokenIn(second.service.stderr())).toBeUndefined();
    expect(second.service.stdout() + second.service.stderr()).not.toContain(token);
    expect((await asOperator(second, '/api/v1/session')).status).toBe(200);
  });
});

describe('a start', () => {
  it('with roles that answer no HTTP does not use up the first token', async () => {
    const directory = newDirectory();
    const silent = spawnService({ directory, env: { ...nothingSet, TOCSIN_ROLES: 'deliver,collect' } });
    await until('the start without HTTP', () => silent.stdout().includes('"ready"'));
    silent.child.kill('SIGTERM');
    expect(await silent.exited).toBe(0);
    expect(tokenIn(silent.stderr())).toBeUndefined();
    const { service } = await visit({ directory, env: nothingSet });
    expect(tokenIn(service.stderr())).toBeDefined();
  });
});
