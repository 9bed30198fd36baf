import { SCAN_ID_PATTERN, scanStates } from '../../aws/findings/scan.ts';
import { type Api, apiVariables } from '../api.ts';
import { accountOption, isAccountNumber } from '../aws-account.ts';
import { scanDetailLines, scanTable } from '../aws-scan-lines.ts';
import { scanPage, scanReport } from '../aws-wire.ts';
import type { Call, Command, CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { listPages } from '../list-pages.ts';
import { choiceOption, jsonOption, wholeOption } from '../option.ts';
import { printableJson } from '../printable.ts';
import type { Result } from '../result.ts';
import { urlOption } from '../service-url.ts';
import { withApi } from '../with-api.ts';

const LIMIT = 20;
const stateOption = choiceOption('--state <state>', 'That stand so', scanStates);
const limitOption = wholeOption('--limit <n>', `At most so many (else ${LIMIT}).`, {
  minimum: 1,
  maximum: 10_000,
});
const filters = [accountOption, stateOption, limitOption];

const isScan = (id: string): boolean => new RegExp(SCAN_ID_PATTERN).test(id);
const NO_SCAN = 'this is no id of a scan: they begin with scn_';

/** `tocsin aws scans`. */
export const scans: Command = {
  name: 'aws scans',
  summary: 'scans, the newest first; or one with its coverage and what came of it',
  details: [],
  args: [{ name: '[id]', description: 'One scan (scn_…).' }],
  options: [...filters, urlOption, jsonOption],
  variables: apiVariables,
  exits: {
    ok: 'They were shown, even if there are none.',
    failed: 'Not found, refused, or nobody answered.',
  },
  examples: [
    { command: 'tocsin aws scans --account prod', note: 'how did they go?' },
    { command: 'tocsin aws scans scn_…', note: 'what could one of them not read?' },
  ],
  async run(call, context) {
    const [id] = call.args;
    const wrong = misuse(call, id);
    if (wrong !== undefined) {
      context.err(`error: ${wrong}`);
      return exitCodes.usage;
    }
    return withApi(call, context, (api) =>
      id === undefined ? showList(api, call, context) : showOne(api, id, call, context),
    );
  },
};

function misuse(call: Call, id: string | undefined): string | undefined {
  if (id === undefined) return undefined;
  if (!isScan(id)) return NO_SCAN;
  return filters.some((option) => call.has(option)) ? 'one scan takes no filters' : undefined;
}

async function showList(
  api: Api,
  call: Call,
  { out, err, terminal }: CommandContext,
): Promise<Result<unknown>> {
  const account = call.value(accountOption);
  const named = account !== undefined && isAccountNumber(account) ? { accountId: account } : { account };
  const listed = await listPages(call.value(limitOption) ?? LIMIT, (page) =>
    api.get('api/v1/scans', { ...named, state: call.value(stateOption), ...page }, scanPage),
  );
  if (!listed.ok) return listed;
  const { items, nextCursor } = listed.value;
  if (call.value(jsonOption)) out(printableJson(listed.value));
  else if (items.length === 0) err('No scans.');
  else out(scanTable(items, terminal).join('\n'));
  if (nextCursor !== null) err(`There are more than these ${items.length}: --limit shows more.`);
  return listed;
}

async function showOne(
  api: Api,
  id: string,
  call: Call,
  { out, terminal }: CommandContext,
): Promise<Result<unknown>> {
  const found = await api.get(`api/v1/scans/${id}`, {}, scanReport);
  if (found.ok)
    out(
      call.value(jsonOption) ? printableJson(found.value) : scanDetailLines(found.value, terminal).join('\n'),
    );
  return found;
}

/** `tocsin aws cancel`. */
export const cancel: Command = {
  name: 'aws cancel',
  summary: 'end a scan: what it has found so far stays',
  details: [],
  args: [{ name: '<id>', description: 'The scan (scn_…).' }],
  options: [urlOption, jsonOption],
  variables: apiVariables,
  exits: { ok: 'It is cancelled.', failed: 'It was over, is not there, refused, or nobody answered.' },
  examples: [{ command: 'tocsin aws cancel scn_…', note: 'it takes too long' }],
  async run(call, context) {
    const [id = ''] = call.args;
    if (!isScan(id)) {
      context.err(`error: ${NO_SCAN}`);
      return exitCodes.usage;
    }
    return withApi(call, context, async (api) => {
      const ended = await api.post(`api/v1/scans/${id}/cancel`, undefined, scanReport);
      if (ended.ok) context.out(call.value(jsonOption) ? printableJson(ended.value) : 'Cancelled.');
      return ended;
    });
  },
};
