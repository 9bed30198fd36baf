import { matterStates, severities } from '../../events/event.ts';
import { type Api, apiVariables, openApi } from '../api.ts';
import type { Call, Command, CommandContext } from '../command.ts';
import { matterDetails, matterPage, type MatterSummary } from '../event-wire.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Listed, listPages } from '../list-pages.ts';
import { matterDetailLines, matterTable } from '../matter-lines.ts';
import { choiceOption, jsonOption, textOption, wholeOption } from '../option.ts';
import { printableJson } from '../printable.ts';
import type { Result } from '../result.ts';
import { urlOption } from '../service-url.ts';

const state = choiceOption('--state <state>', 'That stand so', matterStates);
const severity = choiceOption('--severity <severity>', 'At least so severe', severities);
const source = textOption('--source <id>', 'That came through this source.');
const subject = textOption('--subject <id>', 'About this subject.');
const limitOption = wholeOption('--limit <n>', 'At most so many (else 50).', { minimum: 1, maximum: 10_000 });
const filters = [state, severity, source, subject, limitOption];
const LIMIT = 50;

/** `tocsin matters`. */
export const matters: Command = {
  name: 'matters',
  summary: 'list matters that are open or resolved; or show one with its events',
  details: [
    'A matter is what the events of one fingerprint tell together, of senders that tell its end as well.',
  ],
  args: [{ name: '[fingerprint]', description: 'One matter.' }],
  options: [...filters, urlOption, jsonOption],
  variables: apiVariables,
  exits: {
    ok: 'They were shown, even if there are none.',
    failed: 'Not found, refused, or nobody answered.',
  },
  examples: [
    { command: 'tocsin matters --state open --severity high', note: 'what is going on' },
    { command: 'tocsin matters 4bf1…', note: 'one matter and its latest events' },
  ],
  async run(call, context) {
    const [fingerprint] = call.args;
    const wrong = misuse(call, fingerprint);
    if (wrong !== undefined) {
      context.err(`error: ${wrong}`);
      return exitCodes.usage;
    }
    const api = openApi(call, context);
    const shown = !api.ok
      ? api
      : fingerprint === undefined
        ? await showList(api.value, call, context)
        : await showOne(api.value, fingerprint, call, context);
    if (shown.ok) return exitCodes.ok;
    context.err(shown.fault);
    return exitCodes.failed;
  },
};

function misuse(call: Call, fingerprint: string | undefined): string | undefined {
  if (fingerprint === undefined) return undefined;
  if (!/^[0-9a-f]{1,64}$/.test(fingerprint)) return 'this is no fingerprint: it is hexadecimal';
  return filters.some((option) => call.has(option)) ? 'one matter takes no filters' : undefined;
}

async function showOne(api: Api, fingerprint: string, call: Call, { out, terminal }: CommandContext) {
  const found = await api.get(`api/v1/matters/${fingerprint}`, {}, matterDetails);
  if (!found.ok) return found;
  const { value } = found;
  out(call.value(jsonOption) ? printableJson(value) : matterDetailLines(value, terminal).join('\n'));
  return found;
}

async function showList(api: Api, call: Call, { out, err, terminal }: CommandContext) {
  const limit = call.value(limitOption) ?? LIMIT;
  const listed = await list(api, call, limit);
  if (!listed.ok) return listed;
  const { items, nextCursor } = listed.value;
  if (call.value(jsonOption)) out(printableJson(listed.value));
  else if (items.length === 0) err('No matters.');
  else out(matterTable(items, terminal).join('\n'));
  if (nextCursor !== null) err(`There are more than these ${items.length}: --limit shows more.`);
  return listed;
}

function list(api: Api, call: Call, limit: number): Promise<Result<Listed<MatterSummary>>> {
  const filter = {
    state: call.value(state),
    severity: call.value(severity),
    source: call.value(source),
    subject: call.value(subject),
  };
  return listPages(limit, (page) => api.get('api/v1/matters', { ...filter, ...page }, matterPage));
}
