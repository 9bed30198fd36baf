import { Type } from 'typebox';
import { targetWire, type TargetWire } from '../../delivery/targets-wire.ts';
import { nullable, type Static } from '../../kernel/schema.ts';
import { type Api, apiVariables } from '../api.ts';
import type { Argument, Call, Command, CommandContext } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { settingsLines } from '../object-lines.ts';
import { durationOption, jsonOption, type Option, textOption } from '../option.ts';
import { printableJson } from '../printable.ts';
import { type Result, succeeded } from '../result.ts';
import { urlOption } from '../service-url.ts';
import { withApi } from '../with-api.ts';
import { skippedHint, targetDetailLines, targetTable } from '../target-lines.ts';

const listed = Type.Object({ items: Type.Array(targetWire) });
/** Settings are for admins, and a service that is older has none. */
const settings = Type.Optional(nullable(Type.Record(Type.String(), Type.Unknown())));
const withSettings = Type.Object({ ...targetWire.properties, settings });
type Shown = TargetWire & Pick<Static<typeof withSettings>, 'settings'>;
const reason = textOption('--reason <text>', 'Why, for the colleagues.');
const until = textOption('--until <time>', 'It ends by itself then: RFC 3339, 2026-01-31T12:00:00Z.');
const span = durationOption('--for <duration>', 'It ends by itself after that: 30m, 2h.', '30m or 2h');
const target: Argument = { name: '<id>', description: 'The target.' };
const TARGET_ID = /^[a-z0-9][a-z0-9_-]{0,62}$/;

const shared = {
  variables: apiVariables,
  exits: { ok: 'It was done.', failed: 'Not found, refused, or nobody answered.' },
} as const;

/** `tocsin targets list`. */
const list: Command = {
  ...shared,
  name: 'targets list',
  isDefault: true,
  summary: 'every target: how it stands, and how it did in the last hour',
  details: [],
  args: [],
  options: [urlOption, jsonOption],
  exits: { ...shared.exits, ok: 'They were shown.' },
  examples: [{ command: 'tocsin targets', note: 'who takes deliveries, who does not' }],
  run: (call, context) =>
    withApi(call, context, async (api) => {
      const answer = await api.get('api/v1/targets', {}, listed);
      if (!answer.ok) return answer;
      const { items } = answer.value;
      if (call.value(jsonOption)) context.out(printableJson(answer.value));
      else for (const line of targetTable(items, context.terminal)) context.out(line);
      return succeeded(undefined);
    }),
};

/** `tocsin targets show`. */
const show: Command = {
  ...shared,
  name: 'targets show',
  summary: 'one target in full, its settings for admins',
  details: [],
  args: [target],
  options: [urlOption, jsonOption],
  exits: { ...shared.exits, ok: 'It was shown.' },
  examples: [{ command: 'tocsin targets show mail', note: 'what is the matter with it?' }],
  run: (call, context) =>
    withTarget(call, context, (api, id) => api.get(`api/v1/targets/${id}`, {}, withSettings)),
};

interface Changing {
  readonly summary: string;
  readonly details: readonly string[];
  readonly options?: readonly Option[];
  readonly example: { readonly options: string; readonly note: string };
  readonly body?: (call: Call) => Readonly<Record<string, unknown>>;
}

/** A command that changes how a target stands, and shows it then. */
const changing = (
  action: 'pause' | 'resume' | 'disable' | 'enable',
  { summary, details, options = [], example, body }: Changing,
): Command => ({
  ...shared,
  name: `targets ${action}`,
  summary,
  details,
  args: [target],
  options: [...options, urlOption, jsonOption],
  examples: [{ command: `tocsin targets ${action} mail${example.options}`, note: example.note }],
  run: (call, context) =>
    withTarget(call, context, (api, id) =>
      api.post(`api/v1/targets/${id}/${action}`, body?.(call), targetWire),
    ),
});

const given = (members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

/** Every command of the group. */
export const targets: readonly Command[] = [
  list,
  show,
  changing('pause', {
    summary: 'hold its deliveries until it is resumed, or for a time',
    details: ['Nothing is lost or skipped: what comes in meanwhile waits and is sent afterwards.'],
    options: [span, until, reason],
    example: { options: ' --for 2h --reason maintenance', note: 'while the mail server is down' },
    body: (call) => given({ reason: call.value(reason), until: call.value(until), for: call.value(span) }),
  }),
  changing('resume', {
    summary: "end a pause, a breaker's pause, and what a Retry-After holds",
    details: [],
    example: { options: '', note: 'send again, now' },
  }),
  changing('disable', {
    summary: 'skip new deliveries, or give them to the fallback; hold those on their way',
    details: ['What is skipped is kept, and can be replayed once the target is enabled.'],
    options: [reason],
    example: { options: ' --reason "moved to chat"', note: 'nothing goes there any more' },
    body: (call) => given({ reason: call.value(reason) }),
  }),
  changing('enable', {
    summary: 'send again; says how many deliveries were skipped meanwhile',
    details: [],
    example: { options: '', note: 'it is mended' },
  }),
];

async function withTarget(
  call: Call,
  context: CommandContext,
  ask: (api: Api, id: string) => Promise<Result<Shown>>,
): Promise<ExitCode> {
  const [id = ''] = call.args;
  if (!TARGET_ID.test(id)) {
    context.err('error: this is no id of a target');
    return exitCodes.usage;
  }
  return withApi(call, context, async (api) => {
    const answer = await ask(api, id);
    if (answer.ok) tell(answer.value, call, context);
    return answer;
  });
}

function tell(found: Shown, call: Call, { out, err, terminal }: CommandContext): void {
  if (call.value(jsonOption)) return out(printableJson(found));
  for (const line of targetDetailLines(found, terminal)) out(line);
  for (const line of settingsLines(found.settings ?? null)) out(line);
  const hint = found.state === 'enabled' ? skippedHint(found) : undefined;
  if (hint !== undefined) err(hint);
}
