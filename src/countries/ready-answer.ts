import { namesTag } from '../kernel/entity-tag.ts';
import { Reply } from '../kernel/route.ts';
import { sha256 } from '../kernel/secret.ts';

/** For so long a cache may answer without asking: lists change with the config. */
const CACHE_CONTROL = 'public, max-age=300';

/** An answer that is made once and sent as it is: nothing is left to do for a request. */
export interface ReadyAnswer {
  /** The body, or 304 when the request's `If-None-Match` names it. */
  reply(ifNoneMatch: string | undefined): Reply;
}

/** Serialises a value for a language. */
export function readyAnswer(value: unknown, language: string): ReadyAnswer {
  const bytes = Buffer.from(JSON.stringify(value));
  const etag = `"${sha256(bytes).toString('base64url')}"`;
  const headers = {
    etag,
    'cache-control': CACHE_CONTROL,
    vary: 'accept-language',
    'content-language': language,
  };
  const whole = new Reply(200, bytes, headers);
  const unchanged = new Reply(304, undefined, headers);
  return { reply: (ifNoneMatch) => (namesTag(ifNoneMatch, etag) ? unchanged : whole) };
}
