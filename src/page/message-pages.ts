import { Type } from 'typebox';
import { Problem } from '../kernel/problem.ts';
import { defineRoute, type Route, type RouteInput } from '../kernel/route.ts';
import { acceptsHtml } from './accepts-html.ts';
import { fileRoute } from './file-route.ts';
import { readPageFile } from './page-file.ts';

const FILES = [
  'messages/messages.css',
  'messages/ask.js',
  'messages/sheet.js',
  'messages/reveal.js',
  'messages/compose.js',
  'messages/attachments.js',
  'messages/choices.js',
  'messages/share.js',
  'messages/result.js',
];

/** Stricter than the operators' page: here are others' secrets, and no text is ever made into markup or script. */
const POLICY = [
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
].join('; ');

/** Kept nowhere, in no index: the address is half of a secret. */
const HEADERS = {
  'content-security-policy': POLICY,
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex, nofollow',
  vary: 'accept',
};

/**
 * The pages on which a message is written and read. The one to read it is the same for every id, whether there is
 * such a message or not, and asking for it changes nothing: whatever follows links reads no message by that.
 */
export function messagePageRoutes(): Route[] {
  const compose = readPageFile('messages/compose.html');
  const reveal = readPageFile('messages/reveal.html');
  const row = { method: 'GET', access: { kind: 'public' }, tag: 'Page', problems: ['not_found'] } as const;
  return [
    defineRoute({
      ...row,
      path: '/m',
      summary: 'Where a message is written; data goes to POST /api/v1/messages',
      reply: { status: 200, mediaType: compose.mediaType },
      async handle({ headers }) {
        forBrowsers(headers, 'A message is made by POST /api/v1/messages, or with `tocsin share`.');
        return compose.reply(headers['if-none-match']?.toString(), HEADERS);
      },
    }),
    defineRoute({
      ...row,
      path: '/m/{id}',
      summary: 'Where a message is read; data is at /api/v1/messages/{id}',
      params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
      missing: 'Not found - This is no link to a message',
      reply: { status: 200, mediaType: reveal.mediaType },
      async handle({ headers }) {
        forBrowsers(
          headers,
          'A message is read by POST /api/v1/messages/{id}/claim, or with `tocsin reveal`.',
        );
        return reveal.reply(headers['if-none-match']?.toString(), HEADERS);
      },
    }),
    // Compiled beside us: the page and the command line seal with the same code.
    fileRoute('sealed.js', { place: new URL('../sealed/sealed.js', import.meta.url) }),
    fileRoute('qr.js', { place: new URL(import.meta.resolve('qr')), isForeign: true }),
    ...FILES.map((name) => fileRoute(name)),
  ];
}

/** Nothing but a browser gets HTML; `instead` says where the data is. */
function forBrowsers(headers: RouteInput<unknown, unknown, unknown>['headers'], instead: string): void {
  if (acceptsHtml(headers['accept']?.toString())) return;
  const { vary, 'x-robots-tag': robots } = HEADERS;
  throw new Problem('not_found', `Here is a page for browsers. ${instead}`, {
    headers: { vary, 'x-robots-tag': robots },
  });
}
