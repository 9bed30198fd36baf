import { readFileSync } from 'node:fs';
import { Reply } from '../kernel/route.ts';
import { sha256 } from '../kernel/secret.ts';

const FOLDER = new URL('../../../web/', import.meta.url);
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
};

/** One file of the page, in memory from the start on. */
export interface PageFile {
  readonly mediaType: string;
  /** The file, or 304 when `ifNoneMatch` (the request's `If-None-Match`) names the version that is here. */
  reply(ifNoneMatch: string | undefined, headers?: Readonly<Record<string, string>>): Reply;
}

/** Reads a file of the folder `web`. Throws when it is missing: the installation is broken then. */
export function readPageFile(name: string): PageFile {
  const mediaType = MEDIA_TYPES[name.slice(name.lastIndexOf('.') + 1)];
  if (mediaType === undefined) throw new TypeError(`no media type for ${name}`);
  const bytes = readFileSync(new URL(name, FOLDER));
  const etag = `"${sha256(bytes).toString('base64url')}"`;
  // Asked for again every time, and mostly answered 304: a new version shows at once.
  const shared = { etag, 'cache-control': 'no-cache' };
  return {
    mediaType,
    reply: (ifNoneMatch, headers = {}) =>
      names(ifNoneMatch, etag)
        ? new Reply(304, undefined, { ...shared, ...headers })
        : new Reply(200, bytes, { ...shared, 'content-type': mediaType, ...headers }),
  };
}

/** Weak comparison (RFC 9110, 13.1.2): a proxy that compressed the file may have weakened its tag. */
function names(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
