import { STATUS_CODES } from 'node:http';
import { expect } from 'vitest';
import { type Answer, at, type Question } from './ask.ts';

/** By the style of their names: what a browser must be told with every answer. */
const SECURITY_HEADERS = {
  'content-security-policy': /default-src 'none'.*frame-ancestors 'none'/,
  'cross-origin-opener-policy': /^same-origin$/,
  'cross-origin-resource-policy': /^same-origin$/,
  'referrer-policy': /^no-referrer$/,
  'x-content-type-options': /^nosniff$/,
  'x-frame-options': /^DENY$/,
  'cache-control': /./,
};
/** Codes whose phrase is not Node's own, as the original's clients know it. */
const PHRASES: Readonly<Record<number, string>> = { 413: 'Payload Too Large' };

/** What holds for every answer of the service, whatever was asked. */
export function checkAnswer(answer: Answer, question: Question, isTls = false): void {
  const { method = 'GET', path, headers } = question;
  const where = `${method} ${path.slice(0, 100)} → ${answer.status}`;
  for (const [name, pattern] of Object.entries(SECURITY_HEADERS)) {
    expect(answer.headers[name], `${where}: ${name}`).toMatch(pattern);
  }
  expect(answer.headers['strict-transport-security'] !== undefined, `${where}: HSTS only under TLS`).toBe(
    isTls,
  );
  if (answer.status >= 300 || !String(headers?.['accept']).includes('text/html')) {
    expect(answer.headers['content-type'] ?? '', where).not.toMatch(/html/);
  }
  expect(answer.status, `${where}: ${answer.text}`).not.toBe(500);
  if (method === 'HEAD') expect(answer.text, where).toBe('');
  else if (answer.status >= 400) checkProblem(answer, where);
}

/** RFC 9457, and the members that the original's clients read. */
function checkProblem({ status, headers, json, text }: Answer, where: string): void {
  expect(headers['content-type'], where).toMatch(/^application\/problem\+json/);
  expect(headers['cache-control'], where).toBe('no-store');
  expect(json, `${where}: ${text}`).toMatchObject({
    type: expect.stringMatching(/^urn:tocsin:problem:[a-z_]+$/),
    title: expect.stringMatching(/\w/),
    detail: expect.stringMatching(/\w/),
    code: expect.stringMatching(/^[a-z_]+$/),
    status,
    error: PHRASES[status] ?? STATUS_CODES[status],
    message: expect.anything(),
  });
  expect(text, `${where}: no stack, no path of the machine`).not.toMatch(
    /node_modules|\.[jt]s:\d+|\bat \w+ \(/,
  );
  if (status === 429) expect(Number(headers['retry-after']), where).toBeGreaterThan(0);
  if (status === 405) expect(headers['allow'], where).toMatch(/^[A-Z]+(, [A-Z]+)*$/);
  if (status === 401 && at(json, 'code') === 'unauthorized') {
    expect(headers['www-authenticate'], where).toMatch(/^Bearer /);
  }
}
