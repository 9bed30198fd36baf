import { durationMs } from '../../kernel/duration.ts';
import { type Api, apiVariables } from '../api.ts';
import { finding, type FindingDetails } from '../aws-wire.ts';
import type { Call, Command, CommandContext } from '../command.ts';
import { shortTime } from '../event-lines.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { durationOption, jsonOption, timeOption, textOption } from '../option.ts';
import { printable, printableJson } from '../printable.ts';
import type { Result } from '../result.ts';
import { urlOption } from '../service-url.ts';
import { withApi } from '../with-api.ts';
import { isFinding, NO_FINDING } from './aws-findings.ts';

const whyOption = textOption('--why <text>', 'Why: for those who come after. It must be there.');
const forOption = durationOption('--for <duration>', 'For so long: 30d.', '12h or 30d');
const untilOption = timeOption('--until <time>', 'Until then, in RFC 3339: 2026-12-31T23:00:00Z.');

const shared = {
  args: [{ name: '<id>', description: 'The finding (fnd_…).' }],
  variables: apiVariables,
} as const;

/** `tocsin aws mute`. */
export const mute: Command = {
  ...shared,
  name: 'aws mute',
  summary: 'nobody is to be told of a finding, for good or until a time',
  details: [
    'It stays open and is looked at by every scan; lists and counts leave it out. The last mute stands. When its time is over the finding counts again.',
  ],
  options: [whyOption, forOption, untilOption, urlOption, jsonOption],
  exits: { ok: 'It is muted.', failed: 'Not found, refused, or nobody answered.' },
  examples: [
    { command: 'tocsin aws mute fnd_… --why "the public website"', note: 'it is meant to be so' },
    { command: 'tocsin aws mute fnd_… --why "OPS-1234" --for 30d', note: 'it is being mended' },
  ],
  async run(call, context) {
    const wrong = muteMisuse(call);
    if (wrong !== undefined) return usage(wrong, context);
    return change(call, context, (api, id) =>
      api.post(`api/v1/findings/${id}/mute`, bodyOf(call, context.now()), finding),
    );
  },
};

function muteMisuse(call: Call): string | undefined {
  if (!call.has(whyOption)) return 'say why, with --why: whoever misses the finding will ask';
  return call.has(forOption) && call.has(untilOption) ? 'of --for and --until there can be one' : undefined;
}

function bodyOf(call: Call, now: number): Readonly<Record<string, unknown>> {
  const span = call.value(forOption);
  const until = span === undefined ? call.value(untilOption) : now + durationMs(span);
  const why = call.value(whyOption);
  return until === undefined ? { why } : { why, until: new Date(until).toISOString() };
}

/** `tocsin aws unmute`. */
export const unmute: Command = {
  ...shared,
  name: 'aws unmute',
  summary: 'take a mute back: what becomes of the finding from now on is told',
  details: [],
  options: [urlOption, jsonOption],
  exits: {
    ok: 'It is not muted any more, or was not before.',
    failed: 'Not found, refused, or nobody answered.',
  },
  examples: [{ command: 'tocsin aws unmute fnd_…', note: 'it matters after all' }],
  run: (call, context) =>
    change(call, context, (api, id) => api.post(`api/v1/findings/${id}/unmute`, undefined, finding)),
};

async function change(
  call: Call,
  context: CommandContext,
  ask: (api: Api, id: string) => Promise<Result<FindingDetails>>,
): Promise<ExitCode> {
  const [id = ''] = call.args;
  if (!isFinding(id)) return usage(NO_FINDING, context);
  return withApi(call, context, async (api) => {
    const changed = await ask(api, id);
    if (changed.ok)
      context.out(call.value(jsonOption) ? printableJson(changed.value) : standing(changed.value));
    return changed;
  });
}

function usage(wrong: string, { err }: CommandContext): ExitCode {
  err(`error: ${wrong}`);
  return exitCodes.usage;
}

function standing({ check, resource, muted, mute: told }: FindingDetails): string {
  const what = `${check} of ${resource.name}`;
  if (!muted || told === null) return printable(`${what} is not muted.`);
  const end = told.until === null ? 'until it is taken back' : `until ${shortTime(told.until)}`;
  return printable(`${what} is muted ${end}: ${told.why}`);
}
