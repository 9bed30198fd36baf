import type { Call, Command, CommandContext } from '../command.ts';
import { tellFaults } from '../config-faults.ts';
import { configOption } from '../config-options.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Fetched, FetchedFeed } from '../fetch-feeds.ts';
import { switchOption, textOption } from '../option.ts';
import { printable } from '../printable.ts';
import { failed, type Result, succeeded } from '../result.ts';

const feedOption = textOption('--feed <id>', 'Only this feed.');
const debugOption = switchOption('--debug', 'On standard error: what became of each list, and of all.');
const PROGRESS_MS = 5_000;

/** `tocsin incidents fetch`. */
export const incidentsFetch: Command = {
  name: 'incidents fetch',
  summary: 'ask the configured feeds once, without the service, and print the document of `GET /incidents`',
  details: [
    'Every list is asked for once, with the time-outs and attempts of the config, and nothing is stored. There is no memory of identities: an address that the feed does not name now is unresolved.',
    'What was had is printed also when a list failed; standard error says which, and how many incidents have no employee.',
  ],
  args: [],
  options: [feedOption, debugOption, configOption],
  variables: [
    { name: 'TOCSIN_INCIDENTS_URL', description: 'The feed `elevate`, where no file is.' },
    { name: 'ELEVATE_API_USER', description: 'Its user.' },
    { name: 'ELEVATE_API_PASSWORD', description: 'Its password.' },
    { name: 'ELEVATE_API_PASSWORD_FILE', description: 'A file that holds it.' },
  ],
  exits: {
    ok: 'Every list was had.',
    failed: 'A list was not, or there is no feed to be asked.',
    config: 'The config has faults.',
  },
  examples: [
    { command: 'tocsin incidents fetch > incidents.json', note: 'what the feeds list now' },
    { command: 'tocsin incidents fetch --debug > /dev/null', note: 'how do they answer?' },
  ],
  async run(call, context) {
    const { load } = await import('../../app/load.ts');
    const loaded = load({ env: context.env, cwd: context.cwd, flags: call.flags });
    if (loaded.kind === 'faulty') return tellFaults(context, loaded.faults);
    const { feedsOf } = await import('../../app/incident-services.ts');
    const { feedsToFetch } = await import('../fetch-feeds.ts');
    const wanted = call.value(feedOption);
    const feeds = feedsOf(loaded.config);
    const able = feedsToFetch(feeds, wanted);
    const told = able.length > 0 ? succeeded(able) : failed(noFeed(feeds, wanted));
    return fetchTold(told, call, context);
  },
};

async function fetchTold(
  feeds: Result<readonly FetchedFeed[]>,
  call: Call,
  context: CommandContext,
): Promise<ExitCode> {
  if (!feeds.ok) {
    context.err(printable(feeds.fault));
    return exitCodes.failed;
  }
  const startedAt = performance.now();
  const fetched = await fetchAll(feeds.value, context);
  const { fetchLines, faultLines } = await import('../fetch-lines.ts');
  const lines = call.value(debugOption)
    ? fetchLines(fetched.lists, Math.round(performance.now() - startedAt), context.terminal)
    : faultLines(fetched.lists).map(printable);
  for (const line of lines) context.err(line);
  await printDocument(fetched, context);
  return fetched.lists.every(({ error }) => error === undefined) ? exitCodes.ok : exitCodes.failed;
}

async function fetchAll(feeds: readonly FetchedFeed[], { err }: CommandContext): Promise<Fetched> {
  const { fetchFeeds } = await import('../fetch-feeds.ts');
  let had = 0;
  const timer = setInterval(() => err(`${had} lists answered so far…`), PROGRESS_MS);
  try {
    return await fetchFeeds(feeds, () => (had += 1));
  } finally {
    clearInterval(timer);
  }
}

/** Harmful characters can stand in its texts alone, where an escape is the same. */
async function printDocument({ document }: Fetched, { write }: CommandContext): Promise<void> {
  if (document === undefined) return;
  for (const piece of document.pieces) await write(printable(Buffer.from(piece).toString('utf8')));
  await write('\n');
}

function noFeed(feeds: readonly { id: string; kind: string }[], wanted: string | undefined): string {
  if (feeds.length === 0)
    return 'No incident feed is configured. Set TOCSIN_INCIDENTS_URL, or `feeds` in tocsin.yaml.';
  const found = feeds.find(({ id }) => id === wanted);
  if (wanted === undefined || found !== undefined)
    return `${found === undefined ? 'Every feed here' : `The feed ${found.id}`} is sent to: there is nothing to ask.`;
  return `There is no feed ${wanted}. There are: ${feeds.map(({ id }) => id).join(', ')}.`;
}
