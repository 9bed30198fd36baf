import { Type } from 'typebox';
import { durationMs } from '../../../kernel/duration.ts';
import type { Fault } from '../../../kernel/fault.ts';
import { duration, secretText, type Static } from '../../../kernel/schema.ts';
import type { FeedCredentials } from '../feed.ts';
import { defineFeed, staleAfter } from '../feed-kind.ts';

const MEBIBYTE = 1_048_576;
const SENDABLE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
const PATH_PATTERN = '^/[^\\s?#]*$';

const settings = Type.Object({
  url: Type.String({
    pattern: '^https?://[^\\s?#@]+$',
    maxLength: 2_048,
    expected: 'an http or https URL without credentials and query',
    description: 'The base of all that is asked for.',
  }),
  user: Type.Optional(Type.String({ minLength: 1, maxLength: 256, description: 'For Basic credentials.' })),
  password: Type.Optional(secretText({ description: 'For Basic credentials.' })),
  token: Type.Optional(secretText({ description: 'Sent as `Authorization: Bearer`.' })),
  header: Type.Optional(
    Type.Object(
      {
        name: Type.String({
          pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$",
          expected: 'the name of a header',
          description: 'The header that holds the secret.',
        }),
        value: secretText({ description: 'What it holds.' }),
      },
      { additionalProperties: false, description: 'Credentials in a header of their own.' },
    ),
  ),
  identitiesPath: Type.Union([Type.String({ pattern: PATH_PATTERN }), Type.Literal(false)], {
    default: '/identities/',
    description: 'Where the feed says which address is whose, below the URL. false: it does not.',
  }),
  incidentsPath: Type.String({
    pattern: PATH_PATTERN,
    default: '/incidents/{type}/',
    description: "Where a type's list is, below the URL.",
  }),
  every: duration({ default: '8s', description: 'From the beginning of one refresh to that of the next.' }),
  connectTimeout: duration({ default: '3s', description: 'For a connection.' }),
  readTimeout: duration({ default: '6s', description: 'For one whole answer.' }),
  attempts: Type.Integer({
    minimum: 1,
    maximum: 10,
    default: 2,
    description: 'Attempts at one list in one refresh.',
  }),
  parallel: Type.Integer({
    minimum: 1,
    maximum: 32,
    default: 4,
    description: 'Lists asked for at once at most; fewer while that makes the feed slow.',
  }),
  bytesMax: Type.Integer({
    minimum: 1_024,
    maximum: 256 * MEBIBYTE,
    default: 64 * MEBIBYTE,
    description: 'Bytes of one answer, decompressed; a longer one is refused.',
  }),
});
type PollSettings = Static<typeof settings>;

export const poll = defineFeed({
  kind: 'poll',
  summary: 'A feed that is asked over HTTP every few seconds: one list a type, and one of identities.',
  settings,
  check: (settings) => [...credentialFaults(settings), ...timeFaults(settings), ...urlFaults(settings)],
  open: (settings, context) => {
    const { common, egressAllow } = context;
    const everyMs = durationMs(settings.every);
    const url = settings.url.replace(/\/+$/, '');
    return {
      ...common,
      kind: 'poll',
      url,
      credentials: credentialsOf(settings),
      identitiesPath: settings.identitiesPath === false ? undefined : settings.identitiesPath,
      incidentsPath: settings.incidentsPath,
      everyMs,
      staleAfterMs: staleAfter(context, everyMs),
      connectTimeoutMs: durationMs(settings.connectTimeout),
      readTimeoutMs: durationMs(settings.readTimeout),
      attemptsMax: settings.attempts,
      parallelMax: settings.parallel,
      bytesMax: settings.bytesMax,
      // Whoever writes the file may name a feed in their own network; what it redirects to stays with that host.
      egressAllow: [...egressAllow, new URL(url).host],
    };
  },
});

function credentialsOf({ user, password, token, header }: PollSettings): FeedCredentials {
  if (user !== undefined && password !== undefined) return { kind: 'basic', user, password };
  if (token !== undefined) return { kind: 'bearer', token };
  if (header !== undefined) return { kind: 'header', ...header };
  return { kind: 'none' };
}

function credentialFaults({ user, password, token, header }: PollSettings): readonly Fault[] {
  if ((user === undefined) !== (password === undefined)) {
    const path = user === undefined ? 'user' : 'password';
    return [{ path, message: 'is missing: user and password go together' }];
  }
  const unsendable = [
    ...(token !== undefined && !SENDABLE.test(token) ? ['token'] : []),
    ...(header !== undefined && !SENDABLE.test(header.value) ? ['header.value'] : []),
  ];
  if (unsendable.length > 0)
    return unsendable.map((path) => ({
      path,
      message: 'holds what no header can: letters and signs of ASCII only',
    }));
  if (user?.includes(':') === true)
    return [{ path: 'user', message: 'must not hold a colon: it ends the name (RFC 7617)' }];
  const ways = [user, token, header].filter((way) => way !== undefined).length;
  return ways > 1 ? [{ path: 'url', message: 'give one of user and password, token, and header' }] : [];
}

function timeFaults({ every, connectTimeout, readTimeout }: PollSettings): readonly Fault[] {
  const within = (path: string, text: string, min: number, max: number): readonly Fault[] => {
    const ms = durationMs(text);
    return ms >= min && ms <= max ? [] : [{ path, message: `must be between ${min} ms and ${max / 1_000}s` }];
  };
  return [
    ...within('every', every, 100, 86_400_000),
    ...within('connectTimeout', connectTimeout, 50, 60_000),
    ...within('readTimeout', readTimeout, 50, 600_000),
  ];
}

function urlFaults({ url, incidentsPath }: PollSettings): readonly Fault[] {
  const faults: Fault[] = [];
  if (!URL.canParse(url)) faults.push({ path: 'url', message: 'cannot be read as a URL' });
  if (!incidentsPath.includes('{type}')) faults.push({ path: 'incidentsPath', message: 'must hold {type}' });
  return faults;
}
