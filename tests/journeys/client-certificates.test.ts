import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { Agent, type AgentOptions, request } from 'node:https';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate, type MadeCertificate } from '../support/make-certificate.ts';
import { newDirectory } from '../support/service.ts';
import { tlsFixture } from '../support/tls-fixture.ts';
import { until } from '../support/until.ts';
import { endOfVisits, refusedStart, type Visit, visit } from '../support/visitor.ts';

const authority = makeCertificate({ commonName: 'Authority of the tests', isAuthority: true });
const stranger = makeCertificate({ commonName: 'Authority of the tests', isAuthority: true });
const next = makeCertificate({ commonName: 'The next authority', isAuthority: true });
const of = (issuer: MadeCertificate, commonName: string, to?: Date): MadeCertificate =>
  makeCertificate({ commonName, issuer, ...(to === undefined ? {} : { to }) });
const known = of(authority, 'falco');
const other = of(authority, 'other');

const configFor = (fingerprint: string): string => `
http: {unverifiedPerMinute: 100000}
sources:
  - {id: any, kind: json, scheme: mtls}
  - {id: one, kind: json, scheme: mtls, certificates: ["${fingerprint.toUpperCase().replaceAll(/..(?!$)/g, '$&:')}"]}
`;
const env = { TOCSIN_TLS_CERT: tlsFixture.certFile, TOCSIN_TLS_KEY: tlsFixture.keyFile };

afterAll(endOfVisits);

describe('a source proved by client certificates', () => {
  let there: Visit;
  let caFile: string;
  beforeAll(async () => {
    const directory = newDirectory();
    caFile = join(directory, 'clients.pem');
    writeFileSync(caFile, authority.cert);
    there = await visit({
      directory,
      config: configFor(known.fingerprint),
      env: { ...env, TOCSIN_TLS_CLIENT_CA: caFile },
    });
  });

  const agentOf = (certificate?: Pick<MadeCertificate, 'cert' | 'key'>, more: AgentOptions = {}): Agent =>
    new Agent({ ca: tlsFixture.cert, keepAlive: true, maxSockets: 1, ...certificate, ...more });

  /** The status of one notification over the agent's connection. */
  async function post(agent: Agent, source: string, headers: Record<string, string> = {}): Promise<number> {
    const asked = request(`${there.url}/api/v1/sources/${source}`, {
      agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
    });
    asked.end('{"title": "over mTLS"}');
    const [response] = (await once(asked, 'response')) as [NodeJS.ReadableStream & { statusCode: number }];
    response.resume();
    await once(response, 'end');
    return response.statusCode;
  }

  async function statuses(certificate?: Pick<MadeCertificate, 'cert' | 'key'>): Promise<number[]> {
    const agent = agentOf(certificate);
    try {
      return [await post(agent, 'any'), await post(agent, 'one')];
    } finally {
      agent.destroy();
    }
  }

  it('takes the certificates of the authority, and where fingerprints are named only those', async () => {
    expect(await statuses(known)).toEqual([200, 200]);
    expect(await statuses(other)).toEqual([200, 401]);
  });

  it('takes nobody without one, and nobody whom no authority signed', async () => {
    expect(await statuses()).toEqual([401, 401]);
    expect(await statuses(makeCertificate({ commonName: 'falco' }))).toEqual([401, 401]);
  });

  it('takes nobody whom an authority of the same name signed, and lets that disturb nobody else', async () => {
    const open = agentOf(known);
    for (let n = 0; n < 5; n++) {
      // OpenSSL may end such a connection by itself, after its handshake.
      for (const status of await statuses(of(stranger, 'falco'))) expect([400, 401]).toContain(status);
      expect(await post(open, 'any')).toBe(200);
    }
    open.destroy();
  });

  it('takes no certificate whose time is over', async () => {
    expect(await statuses(of(authority, 'falco', new Date('2021-01-01')))).toEqual([401, 401]);
  });

  it('believes no header that speaks of a certificate', async () => {
    const agent = agentOf();
    const claims = {
      'x-forwarded-client-cert': `Hash=${known.fingerprint};Subject="CN=falco"`,
      'x-ssl-client-verify': 'SUCCESS',
      'x-ssl-cert': encodeURIComponent(known.cert),
    };
    expect(await post(agent, 'one', claims)).toBe(401);
    agent.destroy();
  });

  it('knows a resumed session by the certificate it began with, and one that began without as without', async () => {
    for (const [certificate, expected] of [
      [known, 200],
      [undefined, 401],
      [makeCertificate({ commonName: 'falco' }), 401],
    ] as const) {
      const session = await sessionOf(certificate);
      const agent = agentOf(certificate, { session });
      expect(await post(agent, 'any')).toBe(expected);
      agent.destroy();
    }
  });

  async function sessionOf(certificate?: MadeCertificate): Promise<Buffer> {
    const { hostname, port } = new URL(there.url);
    const socket: TLSSocket = connect({
      host: hostname,
      port: Number(port),
      ca: tlsFixture.cert,
      ...certificate,
    });
    const [session] = (await once(socket, 'session')) as [Buffer];
    socket.destroy();
    return session;
  }

  it('lets everybody else in as before: other routes ask for no certificate', async () => {
    expect((await there.ask({ path: '/livez' })).status).toBe(200);
    expect((await there.operator('GET', '/api/v1/events')).status).toBe(200);
  });

  it('follows the authorities when their file changes, also on connections that are open', async () => {
    const open = agentOf(known);
    expect(await post(open, 'any')).toBe(200);
    writeFileSync(caFile, 'no certificate');
    await until('the look at a broken file', () => /was not taken/.test(there.service.stdout()), 25_000);
    expect(await post(open, 'any')).toBe(200);
    writeFileSync(caFile, next.cert);
    // With new authorities idle connections are closed, and one of ours may be idle just then, between two requests.
    const knowsNext = async () => (await statuses(of(next, 'falco')).catch(() => []))[0] === 200;
    await until('the new authorities', knowsNext, 25_000);
    expect(await post(open, 'any').catch(() => 401)).toBe(401);
    expect(await statuses(known)).toEqual([401, 401]);
    open.destroy();
  });
});

describe('a start is refused', () => {
  it('for the scheme mtls without authorities, and for authorities without TLS', async () => {
    const without = await refusedStart({ config: configFor(known.fingerprint), env });
    expect(without.code).toBe(3);
    expect(without.stderr).toMatch(/sources\[0\]\.scheme: mtls needs http\.tlsClientCa/);
    const plain = await refusedStart({ env: { TOCSIN_TLS_CLIENT_CA: 'clients.pem' } });
    expect(plain.code).toBe(3);
    expect(plain.stderr).toMatch(/http\.tlsClientCa: needs our own TLS listener/);
  });

  it.each([
    ['that is no certificate', 'nothing of the sort'],
    ['that is empty', ''],
    ['of a certificate that is no authority', known.cert],
  ])('for a file %s', async (_name, text) => {
    const directory = newDirectory();
    writeFileSync(join(directory, 'clients.pem'), text);
    const { code, stderr } = await refusedStart({
      directory,
      env: { ...env, TOCSIN_TLS_CLIENT_CA: 'clients.pem' },
    });
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/the authorities of client certificates clients\.pem cannot be used/);
  });
});
