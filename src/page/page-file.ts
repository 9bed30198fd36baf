import { readFileSync } from 'node:fs';
import { namesTag } from '../kernel/entity-tag.ts';
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

/** Where a file of the page is that is not in the folder `web`. */
export interface Elsewhere {
  readonly place: URL;
  /** Of other people: sent as it is, with the notice of its licence. */
  readonly isForeign?: true;
}

/** Reads a file of the page. Throws when it is missing: the installation is broken then. */
export function readPageFile(name: string, elsewhere?: Elsewhere): PageFile {
  const mediaType = MEDIA_TYPES[name.slice(name.lastIndexOf('.') + 1)];
  if (mediaType === undefined) throw new TypeError(`no media type for ${name}`);
  const text = readFileSync(elsewhere?.place ?? new URL(name, FOLDER), 'utf8');
  const isOurScript = name.endsWith('.js') && elsewhere?.isForeign === undefined;
  const bytes = Buffer.from(isOurScript ? withoutComments(text) : text);
  const etag = `"${sha256(bytes).toString('base64url')}"`;
  // Asked for again every time, and mostly answered 304: a new version shows at once.
  const shared = { etag, 'cache-control': 'no-cache' };
  return {
    mediaType,
    reply: (ifNoneMatch, headers = {}) =>
      namesTag(ifNoneMatch, etag)
        ? new Reply(304, undefined, { ...shared, ...headers })
        : new Reply(200, bytes, { ...shared, 'content-type': mediaType, ...headers }),
  };
}

/**
 * Lines that are nothing but comment stay with the source: who wants to read a message waits for the script. A line
 * that also has code is left as it is.
 */
const withoutComments = (script: string): string =>
  script.replaceAll(/^[ \t]*(?:\/\/.*|\/\*(?:(?!\*\/).)*(?:\*\/)?|\*(?:[ /].*)?)\n/gm, '');
