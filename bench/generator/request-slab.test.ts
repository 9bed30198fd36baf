import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { RequestSlab } from './request-slab.ts';
import { requestShapes } from './requests.ts';

const options = { port: 9000, run: 7, count: 500, signatureKey: 'a key' };

function partsOf(request: Buffer): { head: string; body: Buffer } {
  const headEnd = request.indexOf('\r\n\r\n');
  return { head: request.toString('latin1', 0, headEnd), body: request.subarray(headEnd + 4) };
}

describe.each(['webhook', 'alert'] as const)('prepared requests of shape %s', (shape) => {
  const slab = new RequestSlab(requestShapes[shape], options);
  const requests = Array.from({ length: slab.count }, (_, sequence) => partsOf(slab.request(sequence)));

  it('are whole: the declared length is the length of a JSON array of one', () => {
    for (const { head, body } of requests) {
      expect(head).toContain(`\r\nContent-Length: ${body.length}`);
      expect(JSON.parse(body.toString())).toHaveLength(1);
    }
  });

  it('are all different events, each with the run and its number', () => {
    for (const [sequence, { body }] of requests.entries()) {
      expect(body.toString()).toContain(`be7cbe7c0007${String(sequence).padStart(12, '0')}`);
    }
  });
});

it('signs each webhook over its own bytes', () => {
  const slab = new RequestSlab(requestShapes.webhook, options);
  for (const sequence of [0, 1, 499]) {
    const { head, body } = partsOf(slab.request(sequence));
    const signature = createHmac('sha256', options.signatureKey).update(body).digest('hex');
    expect(head).toContain(`\r\nX-Sqreen-Integrity: ${signature}`);
  }
});
