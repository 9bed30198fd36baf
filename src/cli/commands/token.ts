import { Type } from 'typebox';
import { NAME_LENGTH_MAX, TOKEN_ID_PATTERN } from '../../access/token.ts';
import { issuedWire, type TokenWire, tokenWire } from '../../access/tokens-wire.ts';
import { durationMs } from '../../kernel/duration.ts';
import { oneLine } from '../../kernel/one-line.ts';
import { scopes } from '../../kernel/route.ts';
import { type Api, apiVariables } from '../api.ts';
import type { Argument, Call, Command, CommandContext } from '../command.ts';
import { tellFaults } from '../config-faults.ts';
import { configOption, dataDirOption } from '../config-options.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { choiceOption, durationOption, jsonOption, switchOption } from '../option.ts';
import { printable, printableJson } from '../printable.ts';
import { type Result, succeeded } from '../result.ts';
import { urlOption } from '../service-url.ts';
import { withApi } from '../with-api.ts';
import { issuedLines, tokenTable } from '../token-lines.ts';

const EXAMPLES = '12h or 90d';
const nameArgument: Argument = { name: '<name>', description: 'Who or what it is for.' };
const idArgument: Argument = { name: '<id>', description: 'The token: its id, `tok_…`.' };
const scopeOption = choiceOption(
  '--scope <scope>',
  'What it may do, each including those before (required without --local, which makes it admin)',
  scopes,
);
const expiresOption = durationOption(
  '--expires-in <duration>',
  'It ends by itself after that: 90d.',
  EXAMPLES,
);
const graceOption = durationOption(
  '--grace <duration>',
  'For so long the secret before is valid still: 24h.',
  EXAMPLES,
);
const localOption = switchOption(
  '--local',
  "Without the service, straight into its store: for the machine's owner.",
);
const shared = {
  variables: apiVariables,
  exits: { ok: 'It was done.', failed: 'Not found, refused, or nobody answered.' },
} as const;
const listed = Type.Object({ items: Type.Array(tokenWire) });

/** `tocsin token list`. */
const list: Command = {
  ...shared,
  name: 'token list',
  isDefault: true,
  summary: 'every token: its scope, its end, when it was last used; never a secret',
  details: [],
  args: [],
  options: [urlOption, jsonOption],
  exits: { ...shared.exits, ok: 'They were shown.' },
  examples: [{ command: 'tocsin token', note: 'who can get in' }],
  run: (call, context) =>
    withApi(call, context, async (api) => {
      const answer = await api.get('api/v1/tokens', {}, listed);
      if (!answer.ok) return answer;
      if (call.value(jsonOption)) context.out(printableJson(answer.value));
      else for (const line of tokenTable(answer.value.items, context.terminal)) context.out(line);
      return succeeded(undefined);
    }),
};

/** `tocsin token create`. */
const create: Command = {
  ...shared,
  name: 'token create',
  summary: 'make a token; its secret is the answer, this once',
  details: [
    'Standard output gets the secret alone, so that it can go into a file or a secret store without passing the screen.',
    'With `--local` it is written straight into the store of the config, for who has no token any more. On SQLite the service must be stopped: a data directory is one process alone.',
  ],
  args: [nameArgument],
  options: [scopeOption, expiresOption, localOption, configOption, dataDirOption, urlOption, jsonOption],
  exits: { ...shared.exits, config: 'With --local: the config has faults.' },
  examples: [
    {
      command: 'tocsin token create grafana --scope read --expires-in 90d > grafana.token',
      note: 'a token that may only read',
    },
    { command: 'tocsin token create owner --local', note: 'the token was lost: with the service stopped' },
  ],
  async run(call, context) {
    const name = oneLine(call.args[0] ?? '', NAME_LENGTH_MAX);
    if (name === '') return misused(context, 'the name is empty');
    if (call.has(localOption)) return createLocally(name, call, context);
    const scope = call.value(scopeOption);
    if (scope === undefined) return misused(context, `--scope is needed: one of ${scopes.join(', ')}`);
    const body = given({ name, scope, expiresIn: call.value(expiresOption) });
    return withApi(call, context, async (api) =>
      tellIssued(await api.post('api/v1/tokens', body, issuedWire), call, context),
    );
  },
};

async function createLocally(name: string, call: Call, context: CommandContext): Promise<ExitCode> {
  const { createLocalToken } = await import('../create-local-token.ts');
  const life = call.value(expiresOption);
  const lifeMs = life === undefined ? undefined : durationMs(life);
  const surroundings = { env: context.env, cwd: context.cwd, flags: call.flags };
  const scope = call.value(scopeOption) ?? 'admin';
  const created = await createLocalToken(surroundings, { name, scope, lifeMs });
  if (created.kind === 'faulty') return tellFaults(context, created.faults);
  if (created.kind === 'failed') {
    context.err(printable(`No token was made: ${created.fault}`));
    return exitCodes.failed;
  }
  tellIssued(succeeded(created.issued), call, context);
  return exitCodes.ok;
}

/** `tocsin token rotate`. */
const rotate: Command = {
  ...shared,
  name: 'token rotate',
  summary: 'give a token a new secret; it is the answer, this once',
  details: [
    'The secret before ends at once, or after `--grace`, and the sessions opened with it end with it. A token with an end gets as long again as it had, unless `--expires-in` says otherwise.',
  ],
  args: [idArgument],
  options: [graceOption, expiresOption, urlOption, jsonOption],
  examples: [
    {
      command: 'tocsin token rotate tok_first --grace 1h',
      note: 'replace the token of the first start; who uses it has an hour to change over',
    },
  ],
  run: (call, context) =>
    withToken(call, context, async (api, id) => {
      const body = given({ grace: call.value(graceOption), expiresIn: call.value(expiresOption) });
      return tellIssued(await api.post(`api/v1/tokens/${id}/rotate`, body, issuedWire), call, context);
    }),
};

/** `tocsin token revoke`. */
const revoke: Command = {
  ...shared,
  name: 'token revoke',
  summary: 'end a token, and the sessions opened with it, for good',
  details: [],
  args: [idArgument],
  options: [urlOption, jsonOption],
  examples: [{ command: 'tocsin token revoke tok_first', note: 'once everybody has a token of their own' }],
  run: (call, context) =>
    withToken(call, context, async (api, id) => {
      const done = await api.delete(`api/v1/tokens/${id}`);
      if (done.ok && call.value(jsonOption)) context.out(printableJson({ id, revoked: true }));
      return done;
    }),
};

/** Every command of the group. */
export const token: readonly Command[] = [list, create, rotate, revoke];

const given = (members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

function misused({ err }: CommandContext, fault: string): ExitCode {
  err(`error: ${fault}\nAdd --help for what there is.`);
  return exitCodes.usage;
}

/** The secret goes to standard output, what there is to know of it to the other. */
function tellIssued(
  issued: Result<TokenWire & { readonly secret: string }>,
  call: Call,
  { out, err }: CommandContext,
): Result<undefined> {
  if (!issued.ok) return issued;
  if (call.value(jsonOption)) out(printableJson(issued.value));
  else {
    out(printable(issued.value.secret));
    for (const line of issuedLines(issued.value)) err(printable(line));
  }
  return succeeded(undefined);
}

async function withToken(
  call: Call,
  context: CommandContext,
  work: (api: Api, id: string) => Promise<Result<unknown>>,
): Promise<ExitCode> {
  const [id = ''] = call.args;
  if (!new RegExp(TOKEN_ID_PATTERN).test(id)) return misused(context, 'this is no id of a token');
  return withApi(call, context, (api) => work(api, id));
}
