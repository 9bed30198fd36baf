import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dispose, type Service, startService } from '../support/service.ts';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';
const FOLDER = new URL('../../../web/', import.meta.url);
const EVENT_PATH = '/events/evt_019a1b2c-0000-7000-8000-000000000000';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(dispose);

const get = (path: string, accept: string, init: RequestInit = {}): Promise<Response> =>
  fetch(service.url + path, { ...init, headers: { accept, ...init.headers } });

describe('GET /', () => {
  test('gives a browser the page', async () => {
    const answer = await get('/', BROWSER);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await answer.text()).toMatch(/^<!doctype html>/i);
  });

  test.each([
    ['*/*'],
    ['application/json'],
    ['application/json, text/html;q=0.5'],
    ['text/html;q=0'],
    ['text/*'],
    [''],
  ])('gives %j no HTML but what the service is', async (accept) => {
    const answer = await get('/', accept);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await answer.json()).toMatchObject({ status: 'ok', service: 'tocsin' });
  });

  test('tells caches that the answer depends on Accept, whichever it is', async () => {
    for (const accept of [BROWSER, '*/*']) {
      expect((await get('/', accept)).headers.get('vary')).toBe('accept');
    }
  });

  test('answers HEAD with the headers of GET and no body', async () => {
    const [head, full] = await Promise.all([get('/', BROWSER, { method: 'HEAD' }), get('/', BROWSER)]);
    expect(head.status).toBe(200);
    for (const name of ['content-type', 'etag', 'content-length', 'content-security-policy']) {
      expect(head.headers.get(name)).toBe(full.headers.get(name));
    }
    expect(await head.text()).toBe('');
  });

  test('takes no method but those of its routes', async () => {
    const answer = await get('/', BROWSER, { method: 'PUT' });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
  });
});

describe("an event's address", () => {
  test('is the page for a browser, so that the links in messages lead somewhere', async () => {
    const answer = await get(EVENT_PATH, BROWSER);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  });

  test('is a 404 with the way to the data for anything else', async () => {
    const answer = await get(EVENT_PATH, '*/*');
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'not_found' });
  });
});

describe('the page', () => {
  test('may run and load what the service serves and nothing else', async () => {
    const { headers } = await get('/', BROWSER);
    const policy = headers.get('content-security-policy') ?? '';
    expect(new Set(policy.split('; '))).toEqual(
      new Set([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
      ]),
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-cache');
  });

  test('holds no script, style or handler of its own text', async () => {
    const html = await (await get('/', BROWSER)).text();
    expect(html.match(/<script\b[^>]*>[^<]/gi)).toBeNull();
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/i);
  });

  test('makes markup of no text', () => {
    for (const name of readdirSync(FOLDER).filter((file) => file.endsWith('.js'))) {
      const code = readFileSync(new URL(name, FOLDER), 'utf8');
      expect(code, name).not.toMatch(
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b|srcdoc|new Function/,
      );
    }
  });

  test('finds every file it names, each with its media type', async () => {
    for (const [path, mediaType] of await filesOfThePage()) {
      const answer = await get(path, '*/*');
      expect(answer.status, path).toBe(200);
      expect(answer.headers.get('content-type'), path).toBe(mediaType);
    }
  });

  test('is sent again only when it changed', async () => {
    const paths: string[] = ['/', ...(await filesOfThePage()).keys()];
    for (const path of paths) {
      const etag = (await get(path, BROWSER)).headers.get('etag') ?? '';
      expect(etag, path).toMatch(/^"[\w-]+"$/);
      for (const tags of [etag, `W/${etag}`, `"other", ${etag}`]) {
        const again = await get(path, BROWSER, { headers: { 'if-none-match': tags } });
        expect(again.status, path).toBe(304);
        expect(again.headers.get('etag'), path).toBe(etag);
        expect(await again.text()).toBe('');
      }
      expect((await get(path, BROWSER, { headers: { 'if-none-match': '"other"' } })).status, path).toBe(200);
    }
  });
});

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
};

/** What the page links to, and what its modules import, with the media type that each must have. */
async function filesOfThePage(): Promise<Map<string, string | undefined>> {
  const html = await (await get('/', BROWSER)).text();
  const waiting = [...html.matchAll(/(?:src|href)="(\/[^"]+\.\w+)"/g)].map(([, path = '']) => path);
  const found = new Map<string, string | undefined>();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    found.set(path, MEDIA_TYPES[path.slice(path.lastIndexOf('.') + 1)]);
    const text = await (await get(path, '*/*')).text();
    for (const [, name = ''] of text.matchAll(/from '\.\/([^']+)'/g)) waiting.push(`/page/${name}`);
  }
  return found;
}
