import { severities } from '../../events/event.ts';
import { EVENT_ID_PATTERN } from '../../kernel/ids.ts';
import { previewedWire, trialWire } from '../../registry/wire.ts';
import type { Call, Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { deleteCommand, idArgument, putCommand, shared, withObject } from '../object-commands.ts';
import { trialLines } from '../object-lines.ts';
import { choiceOption, jsonOption, type Option } from '../option.ts';
import { printable, printableJson } from '../printable.ts';
import { failed, succeeded } from '../result.ts';
import { urlOption } from '../service-url.ts';

const words = { kind: 'target', list: 'targets', example: 'mail' } as const;
const eventOption: Option<string> = {
  flags: '--event <id>',
  description: 'Of a stored event (evt_…) instead of an example.',
  read: (typed) =>
    typeof typed === 'string' && new RegExp(EVENT_ID_PATTERN).test(typed)
      ? succeeded(typed)
      : failed('the id of an event (evt_…)'),
};
const severityOption = choiceOption('--severity <severity>', 'How severe the example is', severities);

const choiceOf = (call: Call): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    [
      ['event', call.value(eventOption)],
      ['severity', call.value(severityOption)],
    ].filter(([, value]) => value !== undefined),
  );

/** `tocsin targets test`. */
const test: Command = {
  ...shared,
  name: 'targets test',
  summary: 'send a target one event that says that it is a test, and show what comes of it',
  details: [
    'One attempt over the very way that deliveries go, from the service, whatever state the target is in. It is in no list of deliveries and is not tried again.',
  ],
  args: [idArgument(words)],
  options: [eventOption, severityOption, urlOption, jsonOption],
  exits: { ok: 'It was delivered.', failed: 'It was not; or not found, refused, or nobody answered.' },
  examples: [{ command: 'tocsin targets test mail', note: 'does it arrive?' }],
  async run(call, context) {
    let isDelivered = false;
    const code = await withObject(call, context, async (api, id) => {
      const answer = await api.post(`api/v1/targets/${id}/test`, choiceOf(call), trialWire);
      if (!answer.ok) return answer;
      isDelivered = answer.value.outcome === 'delivered';
      if (call.value(jsonOption)) context.out(printableJson(answer.value));
      else for (const line of trialLines(answer.value, context.terminal)) context.out(line);
      return answer;
    });
    return code === exitCodes.ok && !isDelivered ? exitCodes.failed : code;
  },
};

/** `tocsin targets preview`. */
const preview: Command = {
  ...shared,
  name: 'targets preview',
  summary: 'show what a target would send; nothing is sent',
  details: [],
  args: [idArgument(words)],
  options: [eventOption, severityOption, urlOption, jsonOption],
  exits: { ...shared.exits, ok: 'It was shown.', failed: 'There is nothing to show, or nobody answered.' },
  examples: [{ command: 'tocsin targets preview mail --event evt_…', note: 'what will they read?' }],
  run: (call, context) =>
    withObject(call, context, async (api, id) => {
      const answer = await api.post(`api/v1/targets/${id}/preview`, choiceOf(call), previewedWire);
      if (!answer.ok) return answer;
      const shown = answer.value.preview;
      if (call.value(jsonOption)) context.out(printableJson(answer.value));
      else if (shown === null) return failed('This kind of target cannot tell.');
      else if (shown.fault !== null) return failed(printable(shown.fault));
      else for (const line of shown.text.split('\n')) context.out(printable(line));
      return answer;
    }),
};

/** What is done with targets beside asking how they stand. */
export const targetTrials: readonly Command[] = [putCommand(words), test, preview, deleteCommand(words)];
