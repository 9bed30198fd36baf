import { FINDING_ID_PATTERN } from '../../aws/api/findings-wire.ts';
import { type Api, apiVariables } from '../api.ts';
import { allOption, filterMisuse, filterOf, filterOptions, OPEN_NOW } from '../aws-finding-filter.ts';
import { findingDetailLines, findingTable } from '../aws-finding-lines.ts';
import { finding as findingSchema, findingPage } from '../aws-wire.ts';
import type { Call, Command, CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { listPages } from '../list-pages.ts';
import { jsonOption, wholeOption } from '../option.ts';
import { printableJson } from '../printable.ts';
import type { Result } from '../result.ts';
import { urlOption } from '../service-url.ts';
import { withApi } from '../with-api.ts';

const LIMIT = 50;
const limitOption = wholeOption('--limit <n>', `At most so many (else ${LIMIT}).`, {
  minimum: 1,
  maximum: 10_000,
});

/** `tocsin aws findings`. */
export const findings: Command = {
  name: 'aws findings',
  isDefault: true,
  summary: 'what fails in AWS accounts, the most severe first',
  details: [OPEN_NOW],
  args: [],
  options: [...filterOptions, limitOption, urlOption, jsonOption],
  variables: apiVariables,
  exits: {
    ok: 'They were shown, even if there are none.',
    failed: 'Refused, or nobody answered.',
  },
  examples: [
    { command: 'tocsin aws findings --severity-min high', note: 'what to mend first' },
    {
      command: 'tocsin aws findings --service s3 --account prod --all',
      note: 'everything about its buckets',
    },
    { command: 'tocsin aws findings --framework cis-aws --framework-version 6.0.0', note: 'for an audit' },
  ],
  async run(call, context) {
    const wrong = filterMisuse(call);
    if (wrong !== undefined) {
      context.err(`error: ${wrong}`);
      return exitCodes.usage;
    }
    return withApi(call, context, (api) => showList(api, call, context));
  },
};

async function showList(
  api: Api,
  call: Call,
  { out, err, terminal }: CommandContext,
): Promise<Result<unknown>> {
  const filter = await filterOf(api, call);
  if (!filter.ok) return filter;
  const listed = await listPages(call.value(limitOption) ?? LIMIT, (page) =>
    api.get('api/v1/findings', { ...filter.value, ...page }, findingPage),
  );
  if (!listed.ok) return listed;
  const { items, nextCursor } = listed.value;
  if (call.value(jsonOption)) out(printableJson(listed.value));
  else if (items.length === 0)
    err(`No findings.${call.value(allOption) ? '' : ' --all shows muted and resolved ones too.'}`);
  else out(findingTable(items, terminal).join('\n'));
  if (nextCursor !== null) err(`There are more than these ${items.length}: --limit shows more.`);
  return listed;
}

export const isFinding = (id: string): boolean => new RegExp(FINDING_ID_PATTERN).test(id);
export const NO_FINDING = 'this is no id of a finding: they begin with fnd_';

/** `tocsin aws finding`. */
export const finding: Command = {
  name: 'aws finding',
  summary: 'one finding: why it fails, the facts behind it, why it matters and how to mend it',
  details: [],
  args: [{ name: '<id>', description: 'The finding (fnd_…).' }],
  options: [urlOption, jsonOption],
  variables: apiVariables,
  exits: { ok: 'It was shown.', failed: 'Not found, refused, or nobody answered.' },
  examples: [{ command: 'tocsin aws finding fnd_…', note: 'what to do about it?' }],
  async run(call, context) {
    const [id = ''] = call.args;
    if (!isFinding(id)) {
      context.err(`error: ${NO_FINDING}`);
      return exitCodes.usage;
    }
    return withApi(call, context, async (api) => {
      const found = await api.get(`api/v1/findings/${id}`, {}, findingSchema);
      if (found.ok)
        context.out(
          call.value(jsonOption)
            ? printableJson(found.value)
            : findingDetailLines(found.value, context.terminal).join('\n'),
        );
      return found;
    });
  },
};
