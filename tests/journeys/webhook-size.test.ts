import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAt } from '../support/ask.ts';
import { sign } from '../support/service.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';

const CAP = 2_048;
const bodyOf = (bytes: number): string => `[{"filler":"${'x'.repeat(bytes - 15)}"}]`;
const head = (lines: readonly string[]): string =>
  ['POST /v1/webhook HTTP/1.1', 'Host: x', 'Content-Type: application/json', ...lines, '', ''].join('\r\n');

describe('the size of a webhook body', () => {
  let small: Visit;
  beforeAll(async () => {
    small = await visit({ config: `http:\n  webhookBytesMax: ${CAP}\n` });
  });
  afterAll(endOfVisits);

  it('may be the cap to the byte', async () => {
    expect((await small.webhook(bodyOf(CAP))).status).toBe(200);
  });

  it('is refused by its declaration alone, before a byte of it has come and whatever the signature', async () => {
    const { statuses, received } = await small.raw(head([`Content-Length: ${CAP + 1}`]));
    expect(statuses).toEqual([413]);
    expect(received).toMatch(/^content-type: application\/problem\+json/m);
    expect(received).toMatch(/^x-content-type-options: nosniff/m);
  });

  it('is counted when it is not declared: refused at the byte too much, though the end has not come', async () => {
    const lines = ['Transfer-Encoding: chunked', `X-Sqreen-Integrity: ${sign(bodyOf(CAP))}`];
    const chunk = `${(CAP + 1).toString(16)}\r\n${'x'.repeat(CAP + 1)}\r\n`;
    expect((await small.raw(head(lines) + chunk)).statuses).toEqual([413]);
  });

  it('is read in chunks up to the cap', async () => {
    const body = bodyOf(CAP);
    const lines = ['Transfer-Encoding: chunked', `X-Sqreen-Integrity: ${sign(body)}`];
    const chunks = [body.slice(0, 7), body.slice(7)].map(
      (part) => `${part.length.toString(16)}\r\n${part}\r\n`,
    );
    expect((await small.raw(`${head(lines)}${chunks.join('')}0\r\n\r\n`)).statuses).toEqual([200]);
  });

  it('is not cut to what it says: nothing of it is taken', async () => {
    const body = '[{"id":"declared longer"}]';
    const before = listAt((await small.operator('GET', '/api/v1/events')).json, 'items').length;
    const lines = [`X-Sqreen-Integrity: ${sign(body)}`, `Content-Length: ${body.length - 1}`];
    // The byte too many is a request of its own, and no good one.
    expect((await small.raw(head(lines) + body)).statuses).not.toContain(200);
    expect(listAt((await small.operator('GET', '/api/v1/events')).json, 'items')).toHaveLength(before);
  });

  it.each(['-1', '1e3', '0x10', '99999999999999999999', '4, 4', '4;'])(
    'is not believed when it is declared as %s',
    async (length) => {
      expect((await small.raw(`${head([`Content-Length: ${length}`])}[{}]`)).statuses).toEqual([400]);
    },
  );
});
