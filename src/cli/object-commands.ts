import { Type } from 'typebox';
import { type Api, apiVariables } from './api.ts';
import type { Argument, Call, Command, CommandContext } from './command.ts';
import { tellFaults } from './config-faults.ts';
import { configOption, dataDirOption } from './config-options.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { readInput } from './input.ts';
import { jsonOption, switchOption } from './option.ts';
import { printable, printableJson } from './printable.ts';
import { type Result, succeeded } from './result.ts';
import { urlOption } from './service-url.ts';
import { withApi } from './with-api.ts';
import { environmentOf } from './surroundings.ts';

/** What the commands on sources, targets and rules have in common. */
export interface ObjectKindWords {
  readonly kind: 'source' | 'target' | 'rule';
  /** The group, and the name of the list in the API. */
  readonly list: 'sources' | 'targets' | 'rules';
  /** An id for examples. */
  readonly example: string;
}

const OBJECT_ID = /^[a-z0-9][a-z0-9_-]{0,62}$/;
/** Whatever the service says of the object: it is shown, not worked with. */
const changed = Type.Object({ id: Type.String() });
const newOption = switchOption('--new', 'Only where there is none of this id yet.');
const localOption = switchOption(
  '--local',
  'Without the service, straight in its store: where the object keeps the service from starting.',
);

export const shared = {
  variables: apiVariables,
  exits: { ok: 'It was done.', failed: 'Not found, refused, or nobody answered.' },
} as const;

export const idArgument = ({ kind }: ObjectKindWords): Argument => ({
  name: '<id>',
  description: `The ${kind}.`,
});

/** `tocsin targets put`: makes or replaces what is not in the file. */
export const putCommand = (words: ObjectKindWords): Command => ({
  ...shared,
  name: `${words.list} put`,
  summary: `make a ${words.kind}, or replace the one of this id`,
  details: [
    `The file holds one ${words.kind} as tocsin.yaml would, without its id, in YAML or JSON. \`\${NAME}\` in it is replaced from the environment here, before it is sent; \`[secret]\` keeps the secret that is stored. What is in the service's own config file is changed there.`,
  ],
  args: [idArgument(words), { name: '<file>', description: 'The file; - for standard input.' }],
  options: [newOption, urlOption, jsonOption],
  variables: [...apiVariables, { name: 'NAME', description: 'Whatever the file names as `${NAME}`.' }],
  exits: { ...shared.exits, failed: 'It has faults, was refused, or nobody answered.' },
  examples: [
    {
      command: `tocsin ${words.list} put ${words.example} ${words.example}.yaml`,
      note: 'used at once, by every replica within seconds',
    },
  ],
  run: (call, context) =>
    withObject(call, context, async (api, id) => {
      const member = await memberFrom(call, context);
      if (!member.ok) return member;
      const path = `api/v1/${words.list}/${id}` as const;
      const answer = await api.put(path, member.value, changed, call.value(newOption) === true);
      if (!answer.ok) return answer;
      context.out(call.value(jsonOption) ? printableJson(answer.value) : `${printable(id)} is in force.`);
      return succeeded(undefined);
    }),
});

async function memberFrom(
  call: Call,
  context: CommandContext,
): Promise<Result<Readonly<Record<string, unknown>>>> {
  const input = await readInput(context, call.args[1] ?? '-');
  if (!input.ok) return input;
  const { readMember } = await import('./read-member.ts');
  return readMember(input.value.toString('utf8'), environmentOf(context));
}

/** `tocsin targets delete`. */
export const deleteCommand = (words: ObjectKindWords): Command => ({
  ...shared,
  name: `${words.list} delete`,
  summary: `remove a ${words.kind} that was made over the API`,
  details:
    words.kind === 'target'
      ? [
          'Refused while a rule or another target names it. Deliveries on their way wait, and are sent if it is made again before retention deletes them.',
        ]
      : [],
  args: [idArgument(words)],
  options: [localOption, configOption, dataDirOption, urlOption, jsonOption],
  exits: { ...shared.exits, config: 'With --local: the config has faults.' },
  examples: [
    { command: `tocsin ${words.list} delete ${words.example}`, note: 'over the API' },
    {
      command: `tocsin ${words.list} delete ${words.example} --local`,
      note: 'with the service stopped, when it does not start because of it',
    },
  ],
  async run(call, context) {
    const code = call.value(localOption)
      ? await deleteLocally(words, call, context)
      : await withObject(call, context, (api, id) => api.delete(`api/v1/${words.list}/${id}`));
    if (code === exitCodes.ok && call.value(jsonOption))
      context.out(printableJson({ deleted: call.args[0] }));
    return code;
  },
});

async function deleteLocally(words: ObjectKindWords, call: Call, context: CommandContext): Promise<ExitCode> {
  const [id = ''] = call.args;
  if (!OBJECT_ID.test(id)) return misused(context);
  const { deleteLocalObject } = await import('./delete-local-object.ts');
  const surroundings = { env: context.env, cwd: context.cwd, flags: call.flags };
  const deleted = await deleteLocalObject(surroundings, words.kind, id);
  if (deleted.kind === 'faulty') return tellFaults(context, deleted.faults);
  if (deleted.kind === 'ok') return exitCodes.ok;
  context.err(printable(`Nothing was removed: ${deleted.fault}`));
  return exitCodes.failed;
}

export async function withObject(
  call: Call,
  context: CommandContext,
  work: (api: Api, id: string) => Promise<Result<unknown>>,
): Promise<ExitCode> {
  const [id = ''] = call.args;
  return OBJECT_ID.test(id) ? withApi(call, context, (api) => work(api, id)) : misused(context);
}

export function misused({ err }: CommandContext): ExitCode {
  err('error: this is no id: a-z, 0-9, "-" and "_", at most 63, a letter or digit first');
  return exitCodes.usage;
}

export const isObjectId = (id: string): boolean => OBJECT_ID.test(id);
