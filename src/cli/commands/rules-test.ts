import type { Call, Command, CommandContext } from '../command.ts';
import { tellFaults } from '../config-faults.ts';
import { configOption } from '../config-options.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { headersOption } from '../headers-option.ts';
import { readInput } from '../input.ts';
import { jsonOption, namesOption, textOption } from '../option.ts';
import { printable, printableJson } from '../printable.ts';
import type { ConfiguredService } from '../check-service.ts';
import { failed, type Result } from '../result.ts';
import type { TriedEvent } from '../try-rules.ts';

const sourceOption = textOption(
  '--source <id>',
  "The input is what a sender sends to this source of the config, in its kind's format. Without it: an event, or what is plainly Sqreen's.",
);
const headerOption = headersOption(
  '--header <header...>',
  "With --source, a header that the sender would send: 'X-GitHub-Event: push'.",
);
const expectOption = namesOption(
  '--expect <targets>',
  "Fail unless every event goes to exactly these: ids between commas, '' for none.",
);

/** `tocsin rules test`. */
export const rulesTest: Command = {
  name: 'rules test',
  summary: 'show which rules take an event, why, and where it would go; nothing is sent',
  details: [
    "The rules are the config file's, not those of a running service. An event needs only `source` and `type`; one out of the API can be used as it is. What a sender sends is read in the format of the source that --source names, as the body of its request stands; no signature is needed. Without --source an array, or an object with Sqreen's fields, is taken for Sqreen's.",
  ],
  args: [
    { name: '<event>', description: "A file with an event or with a sender's body; - for standard input." },
  ],
  options: [configOption, sourceOption, headerOption, expectOption, jsonOption],
  variables: [],
  exits: {
    ok: 'The rules were asked; with --expect, they chose those targets.',
    failed: 'The input holds no event, or --expect names other targets.',
    config: 'The config has faults.',
  },
  examples: [
    { command: 'tocsin rules test event.json', note: 'rule by rule, condition by condition' },
    { command: 'tocsin rules test attack.json --expect on-call,mail', note: 'in a pipeline' },
    {
      command: 'tocsin rules test alerts.json --source prometheus',
      note: "what a source's sender would send",
    },
    {
      command: 'tocsin events evt_… --json | tocsin rules test -',
      note: 'an event of the past, rules of today',
    },
  ],
  async run(call, context) {
    const { checkService } = await import('../check-service.ts');
    const checked = checkService({ env: context.env, cwd: context.cwd, flags: call.flags });
    if (checked.kind === 'faulty') return tellFaults(context, checked.faults);
    const tried = await tryInput(call, context, checked);
    if (tried.ok) return tell(call, context, tried.value);
    context.err(tried.fault);
    return exitCodes.failed;
  },
};

async function tryInput(
  call: Call,
  context: CommandContext,
  { config, objects }: ConfiguredService,
): Promise<Result<readonly TriedEvent[]>> {
  const { tryRules } = await import('../try-rules.ts');
  const { configuredLocate } = await import('../configured-locate.ts');
  const { StartRefused } = await import('../../app/start-refused.ts');
  const input = await readInput(context, call.args[0] ?? '-');
  if (!input.ok) return input;
  const source = call.value(sourceOption);
  const headers = call.value(headerOption) ?? {};
  const locate = configuredLocate(config);
  try {
    return tryRules({ body: input.value, source, headers, objects, now: context.now(), locate });
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error;
    return failed(error.message);
  }
}

async function tell(
  call: Call,
  { out, err, terminal }: CommandContext,
  tried: readonly TriedEvent[],
): Promise<ExitCode> {
  const expected = call.value(expectOption);
  const astray = expected === undefined ? [] : tried.filter(({ targets }) => !areSame(targets, expected));
  if (call.value(jsonOption)) {
    out(
      printableJson({
        items: tried.map(toJson),
        ...(expected === undefined ? {} : { expected, met: astray.length === 0 }),
      }),
    );
  } else {
    const { explanationLines } = await import('../explanation.ts');
    out(tried.map((one) => explanationLines(one, terminal).join('\n')).join('\n\n'));
  }
  for (const { event, targets } of astray) {
    err(`Expected ${listed(expected ?? [])}, and "${printable(event.title)}" goes to ${listed(targets)}.`);
  }
  return astray.length === 0 ? exitCodes.ok : exitCodes.failed;
}

const listed = (targets: readonly string[]): string =>
  targets.length === 0 ? 'no target' : printable(targets.join(', '));

const areSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((id) => b.includes(id));

const toJson = ({ event: { id, source, type, severity, title }, targets, matched, rules }: TriedEvent) => ({
  event: { id, source, type, severity, title },
  targets,
  matched,
  rules,
});
