import type { FeedCredentials } from '../feeds/feed.ts';

/** The headers that prove a request to the feed; only ever sent to the feed's own origin. */
export function credentialHeaders(credentials: FeedCredentials): Readonly<Record<string, string>> {
  switch (credentials.kind) {
    case 'none':
      return {};
    case 'basic': {
      // RFC 7617: UTF-8 where nothing else was agreed.
      const pair = Buffer.from(`${credentials.user}:${credentials.password}`, 'utf8').toString('base64');
      return { authorization: `Basic ${pair}` };
    }
    case 'bearer':
      return { authorization: `Bearer ${credentials.token}` };
    case 'header':
      return { [credentials.name.toLowerCase()]: credentials.value };
  }
}
