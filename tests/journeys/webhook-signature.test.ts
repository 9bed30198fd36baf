import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, listAt, textAt } from '../support/ask.ts';
import { KEY, sign } from '../support/service.ts';
import { signatureVectors } from '../support/sqreen-samples.ts';
import { endOfVisits, refusedStart, type Visit, visit } from '../support/visitor.ts';
import { secret } from '../support/witness.ts';

const BODY = '[{"message_id": "signed"}]';
const GOOD = sign(BODY);
const PREVIOUS = secret('the-webhook-key-before-this-one');

const forged: Readonly<Record<string, string | string[]>> = {
  'an empty one': '',
  'one in upper case': GOOD.toUpperCase(),
  'one with a prefix': `sha256=${GOOD}`,
  'a short one': GOOD.slice(0, 62),
  'a long one': `${GOOD}00`,
  'one that is not ASCII': `é${GOOD.slice(1)}`,
  'one that is not hex': GOOD.replace(/./, 'g'),
  'one altered in its first character': (GOOD.startsWith('0') ? '1' : '0') + GOOD.slice(1),
  'one altered in its last character': GOOD.slice(0, -1) + (GOOD.endsWith('0') ? '1' : '0'),
  'the same one twice': [GOOD, GOOD],
  'a list of two': `${GOOD},${GOOD}`,
  'one in quotes': `"${GOOD}"`,
  'one in base64': Buffer.from(GOOD, 'hex').toString('base64'),
  zeros: '0'.repeat(64),
  'a very long one': 'a'.repeat(8_000),
};

afterAll(endOfVisits);

describe('X-Sqreen-Integrity', () => {
  let rotating: Visit;
  beforeAll(async () => {
    rotating = await visit({ env: { SIGNATURE_KEY_PREVIOUS: PREVIOUS } });
  });
  it.each(Object.entries(forged))('is refused with 401 when it is %s', async (_name, signature) => {
    const answer = await rotating.webhook(BODY, { headers: { 'x-sqreen-integrity': signature } });
    expect(answer.status).toBe(401);
    expect(at(answer.json, 'code')).toBe('signature_invalid');
  });

  it('is refused with 401 when it is missing, also over an empty body', async () => {
    for (const body of [BODY, '']) {
      const headers = { 'content-type': 'application/json' };
      const answer = await rotating.ask({ method: 'POST', path: '/v1/webhook', headers, body });
      expect(answer.status).toBe(401);
    }
  });

  it('tells every forger the same', async () => {
    const told = new Set<string>();
    for (const signature of ['', '0', GOOD.toUpperCase(), '0'.repeat(64)]) {
      told.add((await rotating.webhook(BODY, { headers: { 'x-sqreen-integrity': signature } })).text);
    }
    expect(told).toHaveLength(1);
  });

  it('is refused over a body changed in one byte', async () => {
    const answer = await rotating.webhook(BODY.replace('signed', 'Signed'), {
      headers: { 'x-sqreen-integrity': GOOD },
    });
    expect(answer.status).toBe(401);
  });

  it('is taken under the key and the key before it, for rotation, and under no other', async () => {
    expect((await rotating.webhook('[{}]', { key: KEY })).status).toBe(200);
    expect((await rotating.webhook('[{}]', { key: PREVIOUS })).status).toBe(200);
    expect((await rotating.webhook('[{}]', { key: `${KEY} ` })).status).toBe(401);
    expect((await rotating.webhook('[{}]', { key: '' })).status).toBe(401);
  });

  it("may be spelled as a header's name may be", async () => {
    const client = await rotating.raw(
      `POST /v1/webhook HTTP/1.1\r\nHOST: x\r\ncontent-TYPE: application/json\r\nx-SQREEN-integrity:\t ${GOOD} \r\n` +
        `Content-Length: ${BODY.length}\r\n\r\n${BODY}`,
    );
    expect(client.statuses).toEqual([200]);
  });
});

describe('the key of POST /v1/webhook', () => {
  it('is text, also when it looks like hex: every public vector verifies', async () => {
    const vectors = signatureVectors().map((vector, n) => ({
      ...vector,
      id: `vector-${n}`,
      variable: `VECTOR_${n}`,
    }));
    const sources = vectors.map(
      ({ id, variable }) => `  - {id: ${id}, kind: sqreen, key: "\${${variable}}"}\n`,
    );
    const vectored = await visit({
      config: `sources:\n${sources.join('')}`,
      env: Object.fromEntries(vectors.map(({ variable, key }) => [variable, key])),
    });
    for (const { id, key, body, signature } of vectors) {
      const path = `/api/v1/sources/${id}`;
      const answer = await vectored.webhook(body, { path, headers: { 'x-sqreen-integrity': signature } });
      // Not every body of a vector is a list of notifications; none of them is unproved.
      expect([200, 422]).toContain(answer.status);
      expect((await vectored.webhook(body, { path, key: `${key}0` })).status).toBe(401);
    }
  });

  it('is named by a 503 when it is empty: the service runs, and no body is taken, signed with nothing or anything', async () => {
    const keyless = await visit({ env: { SIGNATURE_KEY: '' } });
    for (const key of ['', KEY, 'undefined']) {
      const answer = await keyless.webhook('[{}]', { key });
      expect(answer.status).toBe(503);
      expect(at(answer.json, 'code')).toBe('source_off');
      expect(textAt(answer.json, 'message')).toContain('SIGNATURE_KEY');
    }
    const { json } = await keyless.operator('GET', '/api/v1/events');
    expect(listAt(json, 'items')).toEqual([]);
  });

  it('of a source that the config file declares refuses start when it is missing or empty', async () => {
    const ids = ['absent', 'empty', 'empty_file'];
    const sources = ids.map((id) => `  - {id: ${id}, kind: sqreen, key: "\${KEY_${id.toUpperCase()}}"}\n`);
    const { code, stderr } = await refusedStart({
      config: `sources:\n${sources.join('')}`,
      env: { KEY_EMPTY: '', KEY_EMPTY_FILE_FILE: '/dev/null' },
    });
    expect(code).toBe(3);
    for (const index of ids.keys())
      expect(stderr).toMatch(new RegExp(`sources\\[${index}\\]\\.key: .*tocsin\\.yaml`));
  });

  it('belongs to one source: the key of another does not open it', async () => {
    const partnerKey = secret('the-key-of-the-partner');
    const both = await visit({
      config: 'sources:\n  - {id: partner, kind: sqreen, key: "${HOOK_KEY}"}\n',
      env: { HOOK_KEY: partnerKey },
    });
    const path = '/api/v1/sources/partner';
    expect((await both.webhook('[{}]', { path, key: partnerKey })).status).toBe(200);
    expect((await both.webhook('[{}]', { path })).status).toBe(401);
    expect((await both.webhook('[{}]', { key: partnerKey })).status).toBe(401);
    expect((await both.webhook('[{}]', { path: '/api/v1/sources/sqreen' })).status).toBe(200);
    expect((await both.webhook('[{}]', { path: '/api/v1/sources/nobody' })).status).toBe(404);
  });
});
