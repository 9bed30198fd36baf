import { Type } from 'typebox';
import { replayableStatuses } from '../../delivery/delivery.ts';
import { DELIVERY_ID_PATTERN, EVENT_ID_PATTERN } from '../../kernel/ids.ts';
import { type Api, apiVariables, openApi } from '../api.ts';
import type { Call, Command, CommandContext } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import {
  choiceOption,
  jsonOption,
  momentOption,
  namesOption,
  switchOption,
  timeText,
  wholeOption,
} from '../option.ts';
import { printable, printableJson } from '../printable.ts';
import type { Result } from '../result.ts';
import { urlOption } from '../service-url.ts';

const status = choiceOption(
  '--status <status>',
  'Many: every delivery that stands so and was not replayed yet',
  replayableStatuses,
);
const target = namesOption(
  '--target <id>',
  'Of many, those to this target. Of an event, to these targets (ids between commas).',
);
const since = momentOption(
  '--since <time>',
  'Of many, those made from then on: 1h for an hour ago, or RFC 3339.',
);
const until = momentOption('--until <time>', 'Of many, those made before then.');
const limit = wholeOption('--limit <n>', 'Of many, at most so many (else 10000).', {
  minimum: 1,
  maximum: 10_000,
});
const dryRun = switchOption('--dry-run', 'Of many, only say how many there are.');
const yes = switchOption('--yes', 'Do not ask before many are sent.');

const replayed = Type.Object({ deliveries: Type.Array(Type.String()) });
const bulkReplayed = Type.Object({ matched: Type.Integer(), replayed: Type.Integer() });

/** `tocsin replay`. */
export const replay: Command = {
  name: 'replay',
  summary: 'send again: one delivery, one event, or every delivery that matches',
  details: [
    'A replay is a new delivery of the same event, with an id of its own. A delivery goes to its target again; an event goes where it went, or to --target, or, if it went nowhere, where the rules of now send it.',
  ],
  args: [
    { name: '[id]', description: 'A delivery (dlv_…) or an event (evt_…); none for many, with --status.' },
  ],
  options: [status, target, since, until, limit, dryRun, yes, urlOption, jsonOption],
  variables: apiVariables,
  exits: {
    ok: 'It was done, even if nothing matched.',
    failed: 'Not found, refused, nobody answered, or the question was not answered with yes.',
  },
  examples: [
    { command: 'tocsin replay dlv_…', note: 'one delivery' },
    { command: 'tocsin replay evt_… --target mail', note: 'one event, to this target' },
    {
      command: 'tocsin replay --status dead --target mail --since 24h --dry-run',
      note: 'how many are there?',
    },
    { command: 'tocsin replay --status dead --target mail --since 24h --yes', note: 'send them again' },
  ],
  async run(call, context) {
    const [id] = call.args;
    const wrong = misuse(call, id, context);
    if (wrong !== undefined) {
      context.err(`error: ${wrong}`);
      return exitCodes.usage;
    }
    const api = openApi(call, context);
    if (api.ok) return id === undefined ? many(api.value, call, context) : one(api.value, id, call, context);
    context.err(api.fault);
    return exitCodes.failed;
  },
};

const isEvent = (id: string): boolean => new RegExp(EVENT_ID_PATTERN).test(id);
const isDelivery = (id: string): boolean => new RegExp(DELIVERY_ID_PATTERN).test(id);

function misuse(call: Call, id: string | undefined, { stdin }: CommandContext): string | undefined {
  const targets = call.value(target);
  if (targets?.length === 0) return '--target names no target';
  if (id !== undefined) return misuseOfOne(call, id);
  if (!call.has(status)) return 'name a delivery or an event; or, for many, --status';
  if (targets !== undefined && targets.length > 1) return 'of many, --target takes one id';
  if (call.value(dryRun) || call.value(yes) || stdin.isTerminal) return undefined;
  return 'nobody is there to be asked: add --yes, or --dry-run to see how many there are';
}

function misuseOfOne(call: Call, id: string): string | undefined {
  if (!isEvent(id) && !isDelivery(id))
    return 'this is no id: a delivery begins with dlv_, an event with evt_';
  const forMany = [status, since, until, limit, dryRun].some((option) => call.has(option));
  if (forMany) return 'one delivery or event takes none of --status, --since, --until, --limit, --dry-run';
  return isDelivery(id) && call.has(target) ? 'a delivery goes to its own target: no --target' : undefined;
}

async function one(api: Api, id: string, call: Call, { out, err }: CommandContext): Promise<ExitCode> {
  const targets = call.value(target);
  const answer = isEvent(id)
    ? await api.post(`api/v1/events/${id}/replay`, targets === undefined ? {} : { targets }, replayed)
    : await api.post(`api/v1/deliveries/${id}/replay`, undefined, replayed);
  if (!answer.ok) {
    err(answer.fault);
    return exitCodes.failed;
  }
  const { deliveries } = answer.value;
  if (call.value(jsonOption)) out(printableJson(answer.value));
  else if (deliveries.length === 0) err('The event goes nowhere: name targets with --target.');
  else out(deliveries.map(printable).join('\n'));
  return exitCodes.ok;
}

type Bulk = Result<{ readonly matched: number; readonly replayed: number }>;

async function many(api: Api, call: Call, context: CommandContext): Promise<ExitCode> {
  const filter = filterOf(call, context.now());
  const ask = (isDry: boolean): Promise<Bulk> =>
    api.post('api/v1/replay', isDry ? { ...filter, dryRun: true } : filter, bulkReplayed);
  const isDry = call.value(dryRun) === true;
  if (!isDry && !call.value(yes)) {
    const wanted = await isWanted(await ask(true), context);
    if (wanted !== undefined) return wanted;
  }
  return tell(await ask(isDry), isDry, call, context);
}

/** Undefined to go on; else how it ended. */
async function isWanted(counted: Bulk, { stdin, err }: CommandContext): Promise<ExitCode | undefined> {
  if (!counted.ok) {
    err(counted.fault);
    return exitCodes.failed;
  }
  if (counted.value.matched === 0) return undefined;
  const answer = await stdin.ask(`Send ${count(counted.value.matched)} again? [y/N] `);
  if (/^\s*y(es)?\s*$/i.test(answer)) return undefined;
  err('Nothing was sent.');
  return exitCodes.failed;
}

function tell(answer: Bulk, isDry: boolean, call: Call, { out, err }: CommandContext): ExitCode {
  if (!answer.ok) {
    err(answer.fault);
    return exitCodes.failed;
  }
  const { matched, replayed } = answer.value;
  if (call.value(jsonOption)) out(printableJson({ matched, replayed, dryRun: isDry }));
  else if (isDry) out(`${count(matched)} would be sent again.`);
  else out(`${replayed} of ${count(matched)} sent again.`);
  if (!isDry && replayed < matched)
    err('The others are beyond --limit or past retention, or their target is gone.');
  return exitCodes.ok;
}

const count = (deliveries: number): string => `${deliveries} ${deliveries === 1 ? 'delivery' : 'deliveries'}`;

function filterOf(call: Call, now: number): Readonly<Record<string, unknown>> {
  const given = {
    status: call.value(status),
    target: call.value(target)?.[0],
    since: timeText(call.value(since), now),
    until: timeText(call.value(until), now),
    limit: call.value(limit),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
