import { Type } from 'typebox';
import { eventPage } from '../event-wire.ts';
import { eventTable } from '../event-lines.ts';
import { ruleWire, rulesWire } from '../../registry/wire.ts';
import type { Command } from '../command.ts';
import {
  deleteCommand,
  idArgument,
  isObjectId,
  misused,
  putCommand,
  shared,
  withObject,
} from '../object-commands.ts';
import { objectLines, ruleTable } from '../object-lines.ts';
import { jsonOption, wholeOption } from '../option.ts';
import { printable, printableJson } from '../printable.ts';
import { urlOption } from '../service-url.ts';
import { withApi } from '../with-api.ts';

const words = { kind: 'rule', list: 'rules', example: 'page-on-call' } as const;
const limitOption = wholeOption('--limit <n>', 'At most so many (else 50).', { minimum: 1, maximum: 200 });
const orderWire = Type.Object({ rules: Type.Array(Type.String()) });

/** `tocsin rules list`. */
const list: Command = {
  ...shared,
  name: 'rules list',
  isDefault: true,
  summary: 'every rule in force, in the order in which they are asked, with how many events it took',
  details: [],
  args: [],
  options: [urlOption, jsonOption],
  exits: { ...shared.exits, ok: 'They were shown.' },
  examples: [{ command: 'tocsin rules', note: 'which rules take events, which never do' }],
  run: (call, context) =>
    withApi(call, context, async (api) => {
      const answer = await api.get('api/v1/rules', {}, rulesWire);
      if (!answer.ok) return answer;
      if (call.value(jsonOption)) context.out(printableJson(answer.value));
      else for (const line of ruleTable(answer.value, context.terminal)) context.out(line);
      return answer;
    }),
};

/** `tocsin rules show`. */
const show: Command = {
  ...shared,
  name: 'rules show',
  summary: 'one rule in force',
  details: [],
  args: [idArgument(words)],
  options: [urlOption, jsonOption],
  exits: { ...shared.exits, ok: 'It was shown.' },
  examples: [{ command: 'tocsin rules show page-on-call', note: 'what does it ask for?' }],
  run: (call, context) =>
    withObject(call, context, async (api, id) => {
      const answer = await api.get(`api/v1/rules/${id}`, {}, ruleWire);
      if (!answer.ok) return answer;
      const { origin, position, matches, updatedAt, settings } = answer.value;
      const facts = [
        ['Configured', `in the ${origin}`],
        ['Asked', `as number ${position}`],
        ['Took', `${matches.lastHour} events in the last hour, ${matches.lastDay} in the last day`],
        ['Changed', updatedAt],
      ] as const;
      if (call.value(jsonOption)) context.out(printableJson(answer.value));
      else for (const line of objectLines(id, facts, settings, context.terminal)) context.out(line);
      return answer;
    }),
};

/** `tocsin rules matches`. */
const matches: Command = {
  ...shared,
  name: 'rules matches',
  summary: 'the events that a rule took, newest first',
  details: ['Of what no rule took: `default`.'],
  args: [idArgument(words)],
  options: [limitOption, urlOption, jsonOption],
  exits: { ...shared.exits, ok: 'They were shown.' },
  examples: [{ command: 'tocsin rules matches default --limit 20', note: 'what slips through' }],
  run: (call, context) =>
    withObject(call, context, async (api, id) => {
      const query = { limit: call.value(limitOption) ?? 50 };
      const answer = await api.get(`api/v1/rules/${id}/matches`, query, eventPage);
      if (!answer.ok) return answer;
      const { items, nextCursor } = answer.value;
      if (call.value(jsonOption)) context.out(printableJson(answer.value));
      else if (items.length === 0) context.err('No events.');
      else context.out(eventTable(items, context.terminal).join('\n'));
      if (nextCursor !== null) context.err('Older events were not looked through.');
      return answer;
    }),
};

/** `tocsin rules order`. */
const order: Command = {
  ...shared,
  name: 'rules order',
  summary: 'put the rules that were made over the API into this order',
  details: ['All of them, each once. Those of the config file are asked before.'],
  args: [{ name: '<ids...>', description: 'The rules, the first asked first.' }],
  options: [urlOption, jsonOption],
  examples: [{ command: 'tocsin rules order staging-noise page-on-call', note: 'the noise goes first' }],
  async run(call, context) {
    if (!call.args.every(isObjectId)) return misused(context);
    return withApi(call, context, async (api) => {
      const answer = await api.post('api/v1/rules/order', { rules: call.args }, orderWire);
      if (!answer.ok) return answer;
      const { rules } = answer.value;
      context.out(call.value(jsonOption) ? printableJson(answer.value) : printable(rules.join(' ')));
      return answer;
    });
  },
};

/** Every command of the group but `rules test`, which needs no service. */
export const rules: readonly Command[] = [
  list,
  show,
  matches,
  putCommand(words),
  order,
  deleteCommand(words),
];
