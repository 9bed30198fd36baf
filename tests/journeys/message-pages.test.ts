import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dispose, type Service, startService } from '../support/service.ts';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';
const FOLDER = new URL('../../../web/messages/', import.meta.url);
const PAGES = ['/m', '/m/0f3c9a52-6a0e-4c55-9a43-0d6f3f0a9b11'];
const SCRIPT_BYTES_MAX = 5_000;

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(dispose);

const get = (path: string, accept = BROWSER, init: RequestInit = {}): Promise<Response> =>
  fetch(service.url + path, { ...init, headers: { accept, ...init.headers } });

describe.each(PAGES)('the page %s', (path) => {
  it('may load what the service serves and nothing else, and makes no text into markup', async () => {
    const { headers } = await get(path);
    expect(new Set(headers.get('content-security-policy')?.split('; '))).toEqual(
      new Set([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
      ]),
    );
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('is kept by no cache and in no index', async () => {
    for (const method of ['GET', 'HEAD']) {
      const answer = await get(path, BROWSER, { method });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('x-robots-tag')).toBe('noindex, nofollow');
    }
    expect(await (await get(path)).text()).toContain('<meta name="robots" content="noindex, nofollow" />');
  });

  it('is sent again only when it changed', async () => {
    const etag = (await get(path)).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]+"$/);
    const again = await get(path, BROWSER, { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
  });

  it.each(['*/*', 'application/json', ''])(
    'is, for a client that accepts %j, a 404 with the way to the data',
    async (accept) => {
      const answer = await get(path, accept);
      expect(answer.status).toBe(404);
      expect(answer.headers.get('vary')).toBe('accept');
      expect(answer.headers.get('x-robots-tag')).toBe('noindex, nofollow');
      expect(await answer.json()).toMatchObject({
        code: 'not_found',
        detail: expect.stringContaining('POST /api/v1/messages'),
      });
    },
  );

  it('holds no script, style or handler of its own text', async () => {
    const html = await (await get(path)).text();
    expect(html.match(/<script\b[^>]*>[^<]/gi)).toBeNull();
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:|https?:\/\/(?!<)/i);
  });

  it('finds every file that it names', async () => {
    const html = await (await get(path)).text();
    for (const [, name = ''] of html.matchAll(/(?:src|href)="(\/page\/[^"]+)"/g)) {
      expect((await get(name, '*/*')).status, name).toBe(200);
    }
    for (const name of (await scriptsOf(path)).keys()) {
      const answer = await get(name, '*/*');
      expect(answer.headers.get('content-type'), name).toBe('text/javascript; charset=utf-8');
    }
  });
});

it('is the same page for every id, whatever there is', async () => {
  const made = await fetch(`${service.url}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: 'a text' }),
  });
  const body: unknown = await made.json();
  const id = String(Object(body)['message_id']);
  const seen = await Promise.all(
    [id, PAGES[1]?.slice(3), 'no-id', '%2e%2e%2fsecret'].map(async (one) => {
      const answer = await get(`/m/${one}`);
      const headers = [...answer.headers].filter(([name]) => name !== 'date');
      return { status: answer.status, headers, text: await answer.text() };
    }),
  );
  for (const one of seen) expect(one).toEqual(seen[0]);
});

it.each(['%zz', '%ff', 'a'.repeat(65), 'a'.repeat(4_000)])(
  'the address /m/%s, which no message has, is 404 and never 400',
  async (id) => {
    for (const accept of [BROWSER, '*/*']) expect((await get(`/m/${id}`, accept)).status).toBe(404);
  },
);

it('loads little to read a message: script of at most 5 kB, compressed', async () => {
  const scripts = await scriptsOf(PAGES[1] ?? '');
  expect([...scripts.keys()]).toContain('/page/sealed.js');
  expect([...scripts.keys()]).not.toContain('/page/qr.js');
  const bytes = [...scripts.values()].reduce((sum, text) => sum + gzipSync(text).length, 0);
  expect(bytes).toBeLessThanOrEqual(SCRIPT_BYTES_MAX);
});

it('makes markup of no text', () => {
  for (const name of readdirSync(FOLDER).filter((file) => file.endsWith('.js'))) {
    const code = readFileSync(new URL(name, FOLDER), 'utf8');
    expect(code, name).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b|srcdoc|new Function/,
    );
  }
});

it('sends what the source says, without the lines that are comment', async () => {
  const folder = new URL('../', FOLDER);
  const ours = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.js'),
  );
  const sources = new Map(ours.map((name) => [name, new URL(name, folder)]));
  sources.set('sealed.js', new URL('../../src/sealed/sealed.js', import.meta.url));
  expect(sources.size).toBeGreaterThan(10);
  for (const [name, place] of sources) {
    const sent = await (await get(`/page/${name}`, '*/*')).text();
    const source = readFileSync(place, 'utf8');
    expect(bare(sent), name).toBe(bare(source));
    expect(sent.length, name).toBeLessThan(source.length);
  }
});

it('keeps the notice of the licence in what others wrote', async () => {
  expect(await (await get('/page/qr.js', '*/*')).text()).toMatch(/^\/\*!\n \* Copyright \(c\)/);
});

/** The code alone, as the compiler understands it. */
const bare = (code: string): string =>
  ts.transpile(code, { removeComments: true, target: ts.ScriptTarget.ESNext });

/** What the page loads and what its modules import, sooner or later, by path. */
async function scriptsOf(path: string): Promise<Map<string, string>> {
  const html = await (await get(path)).text();
  const waiting = [...html.matchAll(/(?:src|href)="(\/page\/[^"]+\.js)"/g)].map(([, name = '']) => name);
  const found = new Map<string, string>();
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    const text = await (await get(name, '*/*')).text();
    found.set(name, text);
    for (const [, from = ''] of text.matchAll(/(?:from |import\()'([^']+)'/g)) {
      waiting.push(new URL(from, service.url + name).pathname);
    }
  }
  return found;
}
