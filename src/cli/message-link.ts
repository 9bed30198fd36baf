import { MESSAGE_ID_PATTERN } from '../messages/wire.ts';
import { type Fragment, readFragment } from '../sealed/sealed.ts';
import { failed, type Result, succeeded } from './result.ts';

/** A message's link, taken apart. */
export interface MessageLink {
  /** Of the service that made it, ending in `/`. */
  readonly base: URL;
  /** In lower case. */
  readonly id: string;
  /** Undefined: there is nothing behind `#`. */
  readonly fragment: Fragment | undefined;
}

const LOOKS = 'It looks like https://tocsin.example/m/0b6c…';

/** No fault repeats any of it: the link may be all that somebody needs to read the message. */
export function readMessageLink(text: string): Result<MessageLink> {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    return failed(`This is no link to a message. ${LOOKS}`);
  if (url.username !== '' || url.password !== '') {
    return failed('This link has a user or a password before its host: no link of Tocsin has.');
  }
  const [, prefix = '/', id = ''] = /^(\/|\/.*\/)(?:m|msg)\/([^/]*)$/.exec(url.pathname) ?? [];
  if (!isMessageId(id)) return failed(`This is no link to a message. ${LOOKS}`);
  const fragment = readFragment(url.hash);
  if (fragment === undefined && url.hash !== '') {
    return failed(
      'The key in this link, the part behind #, is not whole: copy all of it. Nothing was asked.',
    );
  }
  return succeeded({ base: new URL(prefix, url.origin), id: id.toLowerCase(), fragment });
}

export const isMessageId = (text: string): boolean => new RegExp(MESSAGE_ID_PATTERN).test(text);
