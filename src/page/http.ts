import { Type } from 'typebox';
import { Problem } from '../kernel/problem.ts';
import { defineRoute, Reply, type Route, type RouteInput } from '../kernel/route.ts';
import { acceptsHtml } from './accepts-html.ts';
import { fileRoute } from './file-route.ts';
import { messagePageRoutes } from './message-pages.ts';
import { readPageFile } from './page-file.ts';

const FILES = ['page.css', 'page.js', 'api.js', 'dom.js', 'overview.js', 'detail.js', 'icon.svg'];

/** Everything from here and nothing inline: text that a sender slipped in cannot become script or style. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const aboutWire = Type.Object({
  status: Type.Literal('ok'),
  service: Type.Literal('tocsin'),
  version: Type.String(),
  openapi: Type.String({ description: 'Where the API is described.' }),
});

type Headers = RouteInput<unknown, unknown, unknown>['headers'];

/**
 * The operators' page and its files. Public: they hold no data, and the page asks for a token. Only a browser gets
 * HTML; its address of an event is what the targets' messages link to.
 */
export function pageRoutes(version: string): Route[] {
  const page = readPageFile('index.html');
  const about = { status: 'ok', service: 'tocsin', version, openapi: '/api/v1/openapi.json' } as const;
  const vary = { vary: 'accept' };
  const serve = (headers: Headers): Reply | undefined =>
    acceptsHtml(headers['accept']?.toString())
      ? page.reply(headers['if-none-match']?.toString(), { 'content-security-policy': POLICY, ...vary })
      : undefined;
  return [
    defineRoute({
      method: 'GET',
      path: '/',
      access: { kind: 'public' },
      tag: 'Page',
      summary: "What this is; for a browser, the operators' page",
      reply: { status: 200, schema: aboutWire },
      problems: [],
      handle: async ({ headers }) => serve(headers) ?? new Reply(200, about, vary),
    }),
    defineRoute({
      method: 'GET',
      path: '/events/{id}',
      access: { kind: 'public' },
      tag: 'Page',
      summary: "An event on the operators' page; data is at /api/v1/events/{id}",
      params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
      reply: { status: 200, mediaType: page.mediaType },
      problems: ['not_found'],
      async handle({ headers }) {
        const answer = serve(headers);
        if (answer !== undefined) return answer;
        throw new Problem('not_found', 'Here is a page for browsers. The event is at /api/v1/events/{id}.', {
          headers: vary,
        });
      },
    }),
    ...FILES.map((name) => fileRoute(name)),
    ...messagePageRoutes(),
  ];
}
