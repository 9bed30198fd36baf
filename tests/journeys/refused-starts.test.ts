import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/storage/sqlite/database.ts';
import { newDirectory, type ServiceOptions } from '../support/service.ts';
import { tlsFixture } from '../support/tls-fixture.ts';
import { endOfVisits, type Refused, refusedStart, visit } from '../support/visitor.ts';
import { secret } from '../support/witness.ts';

const PASSWORD = secret('a-password-of-the-database');
const LITERAL = secret('a-secret-written-into-the-file');

/** Ended by itself, in words for people, not in the stack of an error. */
async function refused(options: ServiceOptions): Promise<Refused> {
  const end = await refusedStart(options);
  expect(end.stderr, 'no stack').not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  expect(end.stderr).not.toContain('Tocsin is ready');
  return end;
}

afterAll(endOfVisits);

describe.concurrent('a start with faults in the config', () => {
  it('tells all of them at once, where they are and what was probably meant, and exits with 3', async () => {
    const { code, stderr } = await refused({
      config: [
        'htpp: {port: 9000}',
        'http:',
        '  requestTimeout: soon',
        '  webhookBytesMx: 5000',
        'targets:',
        '  - {id: team, kind: slak}',
        '  - {id: Upper Case, kind: log}',
        'rules:',
        '  - {id: one, when: {severty: ">= high"}, targets: [taem]}',
        'default: [lgo]',
        '',
      ].join('\n'),
      env: { TOCSIN_PORT: 'ninety', TOCSIN_ROLES: 'api,delver', TOCSIN_TOKEN: 'short' },
    });
    expect(code).toBe(3);
    for (const line of [
      /htpp.*did you mean "?http"?.*tocsin\.yaml:1/,
      /http\.requestTimeout: .*tocsin\.yaml:3/,
      /webhookBytesMx.*did you mean "?webhookBytesMax"?.*tocsin\.yaml:4/,
      /targets\[0\]\.kind.*did you mean "slack"/,
      /targets\[1\]\.id/,
      /severty.*did you mean "?severity"?/,
      /TOCSIN_PORT/,
      /TOCSIN_ROLES/,
      /TOCSIN_TOKEN/,
    ]) {
      expect(stderr).toMatch(line);
    }
  });

  it('tells of names that name nothing', async () => {
    const { code, stderr } = await refused({
      config: 'targets: [{id: team, kind: log}]\ndefault: [lgo]\nadmins: [team, boss]\n',
    });
    expect(code).toBe(3);
    for (const line of [/default\[0\].*did you mean "log"/, /admins\[1\]/]) {
      expect(stderr).toMatch(line);
    }
  });

  it('refuses a secret that is written into the file, and does not show it', async () => {
    const { code, stderr } = await refused({
      config: `sources: [{id: partner, kind: sqreen, key: ${LITERAL}}]\n`,
    });
    expect(code).toBe(3);
    expect(stderr).toMatch(/sources\[0\]\.key/);
  });

  it('refuses a config file that is named and not there', async () => {
    const { code, stderr } = await refused({ env: { TOCSIN_CONFIG: 'elsewhere.yaml' } });
    expect(code).toBe(3);
    expect(stderr).toMatch(/does not exist.*TOCSIN_CONFIG/);
  });

  it('tells at once what does not go together', async () => {
    const { code, stderr } = await refused({
      env: {
        TOCSIN_HOST: '0.0.0.0',
        TOCSIN_TLS_CERT: tlsFixture.certFile,
        DATABASE_URL: `mysql://u:${PASSWORD}@127.0.0.1/x`,
        TOCSIN_MASTER_KEY: undefined,
      },
    });
    expect(code).toBe(3);
    for (const line of [
      /http\.tlsCert/,
      /database\.url: must begin with postgres:\/\//,
      /TOCSIN_MASTER_KEY/,
    ]) {
      expect(stderr).toMatch(line);
    }
  });

  it.each(['0.0.0.0', '::'])(
    'refuses to serve the network at %s without TLS, a proxy or a permission',
    async (host) => {
      const { code, stderr } = await refused({ env: { TOCSIN_HOST: host } });
      expect(code).toBe(3);
      expect(stderr).toMatch(/http\.host.*TOCSIN_ALLOW_PLAIN_HTTP/);
    },
  );

  it('refuses an address that is none among the proxies', async () => {
    const { code, stderr } = await refused({ env: { TOCSIN_TRUSTED_PROXIES: '999.1.1.1' } });
    expect(code).toBe(3);
    expect(stderr).toMatch(/trustedProxies/);
  });
});

describe.concurrent('a start that the surroundings do not allow', () => {
  let taken: Server;
  beforeAll(async () => {
    taken = createServer();
    await once(taken.listen(0, '127.0.0.1'), 'listening');
  });
  afterAll(() => void taken.close());
  const takenPort = (): string => {
    const address = taken.address();
    return typeof address === 'object' && address !== null ? String(address.port) : '';
  };

  it('is told that the port is taken', async () => {
    const { code, stderr } = await refused({ env: { TOCSIN_PORT: takenPort() } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/port is taken.*TOCSIN_PORT/);
  });

  it('still prints the first token at the start that succeeds', async () => {
    const directory = newDirectory();
    const env = { TOCSIN_TOKEN: '', SIGNATURE_KEY: '' };
    expect((await refused({ directory, env: { ...env, TOCSIN_PORT: takenPort() } })).code).toBe(1);
    const { service } = await visit({ directory, env });
    expect(service.stderr()).toMatch(/#token=\S+/);
  });

  it.each([
    ['cannot be made', '/sys/tocsin'],
    ['is a file', tlsFixture.certFile],
  ])('is told of a data directory that %s', async (_name, directory) => {
    const { code, stderr } = await refused({ env: { TOCSIN_DATA_DIR: directory } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/data directory.*TOCSIN_DATA_DIR/);
  });

  it('is told that another process has the data directory', async () => {
    const { service } = await visit();
    const { code, stderr } = await refused({ directory: service.directory });
    expect(code).toBe(1);
    expect(stderr).toMatch(/in use by another Tocsin/);
  });

  it('is told of a file in place of the database that is none', async () => {
    const directory = newDirectory();
    mkdirSync(join(directory, 'data'));
    writeFileSync(join(directory, 'data', 'tocsin.db'), 'no database at all '.repeat(1_000));
    expect((await refused({ directory })).code).toBe(1);
  });

  it('is told of a database of a newer version, which stays as it is', async () => {
    const { service } = await visit();
    await service.stop();
    const database = new Database(join(service.directory, 'data', 'tocsin.db'), [], { readOnly: false });
    database.query(
      "INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES (999, 'later', 'x', 0)",
    );
    database.close();
    const { code, stderr } = await refused({ directory: service.directory });
    expect(code).toBe(1);
    expect(stderr).toMatch(/schema 999.*newer Tocsin/);
  });

  it('is told of a master key that does not open what is sealed', async () => {
    const directory = newDirectory();
    const env = {
      TOCSIN_TOKEN: '',
      SIGNATURE_KEY: '',
      TOCSIN_MASTER_KEY: secret('the-master-key-that-sealed'),
    };
    const { service } = await visit({ directory, env });
    await service.stop();
    const { code, stderr } = await refused({
      directory,
      env: { ...env, TOCSIN_MASTER_KEY: secret('not-the-key-that-sealed') },
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/master key/);
  });

  it('is told of a master key file that holds none', async () => {
    const directory = newDirectory();
    mkdirSync(join(directory, 'data'));
    writeFileSync(join(directory, 'data', 'master.key'), 'short\n');
    const { code, stderr } = await refused({ directory, env: { TOCSIN_MASTER_KEY: undefined } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/master\.key holds no key/);
  });

  it('is told of a log file that cannot be made', async () => {
    const { code, stderr } = await refused({ env: { TOCSIN_LOG_FILE: `${tlsFixture.certFile}/tocsin.log` } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/log file.*TOCSIN_LOG_FILE/);
  });

  it('is told that PostgreSQL does not answer, without the password', async () => {
    const { code, stderr } = await refused({
      env: { DATABASE_URL: `postgres://tocsin:${PASSWORD}@127.0.0.1:1/x` },
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/cannot reach PostgreSQL/);
  });

  it.each([`postgres://tocsin:${PASSWORD}@[bad/x`, `postgres://:${PASSWORD}@127.0.0.1:99999/x`])(
    'is told of a database URL that cannot be read, without the password',
    async (url) => {
      const { code } = await refused({ env: { DATABASE_URL: url } });
      expect([1, 3]).toContain(code);
    },
  );

  it('is told of a certificate that is not there, or is none', async () => {
    const missing = await refused({ env: { TOCSIN_TLS_CERT: 'missing.pem', TOCSIN_TLS_KEY: 'missing.pem' } });
    expect([1, 3]).toContain(missing.code);
    expect(missing.stderr).toContain('missing.pem');
    const directory = newDirectory();
    writeFileSync(join(directory, 'none.pem'), 'no certificate\n');
    const none = await refused({
      directory,
      env: { TOCSIN_TLS_CERT: 'none.pem', TOCSIN_TLS_KEY: 'none.pem' },
    });
    expect([1, 3]).toContain(none.code);
    expect(none.stderr).toContain('none.pem');
  });

  it('is told of an address that is not this machine’s', async () => {
    const { code, stderr } = await refused({
      env: { TOCSIN_HOST: '203.0.113.7', TOCSIN_ALLOW_PLAIN_HTTP: 'true' },
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/TOCSIN_HOST|203\.0\.113\.7/);
  });
});
