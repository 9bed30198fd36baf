import { feedsOf } from '../../app/incident-services.ts';
import type { Config } from '../../app/settings.ts';
import { readIdentities } from '../../incidents/book/read-identities.ts';
import type { CollectedList } from '../../incidents/collect/collected.ts';
import { createFileCollector, type FileFailure } from '../../incidents/collect/files.ts';
import { createPollCollector } from '../../incidents/collect/poll.ts';
import type { AnyFeed, FileFeed, PolledFeed } from '../../incidents/feeds/feed.ts';
import { systemClock } from '../../kernel/clock.ts';
import { isExposed } from '../service-url.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** Whether each feed that is asked or read can be, and keeps its credentials to itself on the way. */
export async function checkFeeds(config: Config, isOffline: boolean): Promise<readonly Finding[]> {
  const found = await Promise.all(feedsOf(config).map((feed) => checkFeed(feed, isOffline)));
  return found.flat();
}

async function checkFeed(feed: AnyFeed, isOffline: boolean): Promise<readonly Finding[]> {
  switch (feed.kind) {
    case 'poll':
      return [...judgeWay(feed), ...(isOffline ? [] : [await askOnce(feed)])];
    case 'file':
      return [await readOnce(feed)];
    case 'push':
      return [];
  }
}

const checkOf = ({ id }: AnyFeed): string => `feed ${id}`;

function judgeWay(feed: PolledFeed): readonly Finding[] {
  const url = new URL(feed.url);
  if (feed.credentials.kind === 'none' || !isExposed(url)) return [];
  const what = `its credentials go to ${url.host} unencrypted`;
  return [warn(checkOf(feed), what, 'Use https: whoever is on the way can read them.')];
}

/** One list, by the code and within the times of a refresh. */
async function askOnce(feed: PolledFeed): Promise<Finding> {
  const types = feed.identitiesPath === undefined ? feed.types.slice(0, 1) : [];
  const collector = createPollCollector(
    { ...feed, types, attemptsMax: 1 },
    { clock: systemClock, random: Math.random },
  );
  try {
    const { lists } = await collector.collect(new AbortController().signal, () => {});
    const [list] = lists;
    if (list === undefined) throw new TypeError(`nothing was asked of the feed ${feed.id}`);
    return judgeAnswer(feed, list);
  } finally {
    await collector.close();
  }
}

const reasons: Readonly<Record<string, readonly [string, string]>> = {
  timeout: [
    'does not answer in time',
    'Is it slow, or is the way closed? connectTimeout and readTimeout bound it.',
  ],
  dns: ['has no address', 'Look at its name and at the resolver of this machine.'],
  connection_refused: ['refuses the connection', 'Does it run there, and on this port?'],
  connection_reset: ['breaks the connection off', 'Is the port the one for this protocol?'],
  tls: ['is not trusted, or speaks no TLS', 'NODE_EXTRA_CA_CERTS names the file of another authority.'],
  redirect_refused: ['leads to another place', 'Set its url to where it leads: credentials do not follow.'],
  too_large: ['answers more than is taken', 'Set bytesMax, if that is as it should be.'],
};

function judgeAnswer(feed: PolledFeed, list: CollectedList): Finding {
  const { host } = new URL(feed.url);
  const what = list.type === undefined ? 'identities' : `its list ${list.type}`;
  const { failure, status, body } = list;
  if (failure !== undefined) {
    const [words, todo] = wordsOf(status) ?? reasons[failure.reason] ?? OTHER;
    return fail(checkOf(feed), `${host} ${words} (${failure.detail})`, todo);
  }
  const read = list.type === undefined && body !== undefined ? readIdentities(body) : undefined;
  if (read?.kind === 'refused') return fail(checkOf(feed), `${host} answers, but ${read.detail}`, OTHER[1]);
  const count = read === undefined ? '' : `${read.identities.size} `;
  return ok(checkOf(feed), `${host} answers with ${count}${what} in ${list.durationMs} ms`);
}

const OTHER = ['gives no list', 'Are url, identitiesPath and incidentsPath the right ones?'] as const;

function wordsOf(status: number | undefined): readonly [string, string] | undefined {
  if (status === 401 || status === 403)
    return ['does not accept the credentials', 'Set user and password, token, or header anew.'];
  return undefined;
}

async function readOnce(feed: FileFeed): Promise<Finding> {
  const { files, identities, failure } = await createFileCollector(feed).collect(
    new AbortController().signal,
  );
  const broken = files.find((file) => file.failure !== undefined);
  const faults: readonly (readonly [string, FileFailure | undefined])[] = [
    [feed.path, failure],
    [broken?.name ?? '', broken?.failure],
    ['its identities', identities?.failure],
  ];
  for (const [name, fault] of faults) {
    if (fault === undefined) continue;
    const todo = "Mend that, or run this as the service's user.";
    return fail(checkOf(feed), `${name} cannot be read (${fault.detail})`, todo);
  }
  const count = `${files.length} ${files.length === 1 ? 'file' : 'files'}`;
  return ok(checkOf(feed), `${count} at ${feed.path} can be read`);
}
