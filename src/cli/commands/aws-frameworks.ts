import { type Api, apiVariables } from '../api.ts';
import { accountNumber, accountOption } from '../aws-account.ts';
import { frameworkLines, frameworkTable } from '../aws-check-lines.ts';
import { framework, frameworkList } from '../aws-wire.ts';
import type { Call, Command, CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { jsonOption } from '../option.ts';
import { printableJson } from '../printable.ts';
import type { Result } from '../result.ts';
import { urlOption } from '../service-url.ts';
import { withApi } from '../with-api.ts';

/** `tocsin aws frameworks`. */
export const frameworks: Command = {
  name: 'aws frameworks',
  summary: 'how the controls of each framework stand; or of one version, control by control',
  details: [
    'Of the controls that there are checks for. A control is unknown where a check has not run yet, or could not read all it needs; open findings that are muted are accepted.',
  ],
  args: [
    { name: '[framework]', description: 'The framework: cis-aws.' },
    { name: '[version]', description: 'Its version: 6.0.0.' },
  ],
  options: [accountOption, urlOption, jsonOption],
  variables: apiVariables,
  exits: { ok: 'They were shown.', failed: 'Not found, refused, or nobody answered.' },
  examples: [
    { command: 'tocsin aws frameworks', note: 'all of them' },
    { command: 'tocsin aws frameworks cis-aws 6.0.0 --account prod', note: 'for an audit' },
  ],
  async run(call, context) {
    const wrong = misuse(call.args);
    if (wrong !== undefined) {
      context.err(`error: ${wrong}`);
      return exitCodes.usage;
    }
    return withApi(call, context, (api) => show(api, call, context));
  },
};

function misuse([name, version]: readonly string[]): string | undefined {
  if (name !== undefined && version === undefined)
    return 'name its version too: tocsin aws frameworks lists them';
  const isPlain = [name, version].every(
    (word) => word === undefined || /^[0-9A-Za-z][0-9A-Za-z.-]{0,63}$/.test(word),
  );
  return isPlain ? undefined : 'this is no framework and version, such as cis-aws 6.0.0';
}

async function show(api: Api, call: Call, { out, terminal }: CommandContext): Promise<Result<unknown>> {
  const accountId = await accountNumber(api, call.value(accountOption));
  if (!accountId.ok) return accountId;
  const query = { accountId: accountId.value };
  const [name, version] = call.args;
  if (name !== undefined && version !== undefined) {
    const one = await api.get(`api/v1/findings/frameworks/${name}/${version}`, query, framework);
    if (one.ok)
      out(call.value(jsonOption) ? printableJson(one.value) : frameworkLines(one.value, terminal).join('\n'));
    return one;
  }
  const listed = await api.get('api/v1/findings/frameworks', query, frameworkList);
  if (listed.ok)
    out(
      call.value(jsonOption)
        ? printableJson(listed.value)
        : frameworkTable(listed.value.items, terminal).join('\n'),
    );
  return listed;
}
