import { defineRoute, type Route } from '../kernel/route.ts';
import { type Elsewhere, readPageFile } from './page-file.ts';

/** The route of a file of the pages. */
export function fileRoute(name: string, elsewhere?: Elsewhere): Route {
  const file = readPageFile(name, elsewhere);
  return defineRoute({
    method: 'GET',
    path: `/page/${name}`,
    access: { kind: 'public' },
    tag: 'Page',
    summary: 'A file of the pages',
    reply: { status: 200, mediaType: file.mediaType },
    problems: [],
    handle: async ({ headers }) => file.reply(headers['if-none-match']?.toString()),
  });
}
