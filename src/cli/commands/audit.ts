import { apiVariables, openApi } from '../api.ts';
import type { Call, Command, CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { cell, layOut } from '../layout.ts';
import { type AuditEntryWire, followAudit, listAudit } from '../list-audit.ts';
import { jsonOption, momentOption, switchOption, textOption, timeText, wholeOption } from '../option.ts';
import { printableJsonLine } from '../printable.ts';
import { urlOption } from '../service-url.ts';

const LIMIT_DEFAULT = 20;

const actorOption = textOption('--actor <id>', "By whom: the token's id.");
const actionOption = textOption('--action <name>', 'What was done: token.create.');
const subjectOption = textOption('--subject <id>', 'To what.');
const sinceOption = momentOption('--since <time>', 'From then on: 24h for a day ago, or a time.');
const untilOption = momentOption('--until <time>', 'Before then.');
const limitOption = wholeOption('--limit <number>', `At most so many (${LIMIT_DEFAULT}).`, {
  minimum: 1,
  maximum: 10_000,
});
const followOption = switchOption('--follow', 'Show what is done from now on, until interrupted.');

/** `tocsin audit`. */
export const audit: Command = {
  name: 'audit',
  summary: 'who changed what, newest first; or from now on, with --follow',
  details: [
    'Every change of state is there, with what was before and after; secrets are not. It takes a token with the scope admin. `--json` is a line of JSON for each entry.',
  ],
  args: [],
  options: [
    actorOption,
    actionOption,
    subjectOption,
    sinceOption,
    untilOption,
    limitOption,
    followOption,
    urlOption,
    jsonOption,
  ],
  variables: apiVariables,
  exits: { ok: 'They were shown.', failed: 'Refused, or nobody answered.' },
  examples: [
    { command: 'tocsin audit --since 24h', note: 'what was changed since yesterday' },
    {
      command: 'tocsin audit --action token.create --json',
      note: 'every token that was made, for a program',
    },
  ],
  async run(call, context) {
    const api = openApi(call, context);
    if (!api.ok) {
      context.err(api.fault);
      return exitCodes.failed;
    }
    const show = (entries: readonly AuditEntryWire[]): void => tell(entries, call, context);
    const filter = filterOf(call, context);
    const done = call.has(followOption)
      ? await followAudit(api.value, filter, context, show)
      : await listAudit(api.value, filter, call.value(limitOption) ?? LIMIT_DEFAULT);
    if (!done.ok) {
      context.err(done.fault);
      return exitCodes.failed;
    }
    if (done.value !== undefined) show(done.value);
    return exitCodes.ok;
  },
};

const filterOf = (call: Call, { now }: CommandContext) => ({
  actor: call.value(actorOption),
  action: call.value(actionOption),
  subject: call.value(subjectOption),
  since: timeText(call.value(sinceOption), now()),
  until: timeText(call.value(untilOption), now()),
});

function tell(entries: readonly AuditEntryWire[], call: Call, { out, terminal }: CommandContext): void {
  if (call.value(jsonOption)) {
    for (const entry of entries) out(printableJsonLine(entry));
    return;
  }
  const rows = entries.map(({ at, actor, action, subject, before, after }) => [
    cell(at, 'dim'),
    cell(actor),
    cell(action, 'bold'),
    cell(subject),
    cell(changeText(before, after), 'dim'),
  ]);
  for (const line of layOut(rows, terminal)) out(line);
}

function changeText(before: unknown, after: unknown): string {
  const texts = [before, after].map((value) => (value === null ? '' : JSON.stringify(value)));
  return before === null ? (texts[1] ?? '') : texts.filter((text) => text !== '').join(' → ');
}
