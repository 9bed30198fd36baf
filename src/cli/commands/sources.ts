import { Type } from 'typebox';
import { sourceWire, sourceWithSettingsWire } from '../../registry/wire.ts';
import type { Command } from '../command.ts';
import { deleteCommand, idArgument, putCommand, shared, withObject } from '../object-commands.ts';
import { objectLines, sourceTable } from '../object-lines.ts';
import { jsonOption } from '../option.ts';
import { printableJson } from '../printable.ts';
import { urlOption } from '../service-url.ts';
import { withApi } from '../with-api.ts';

const words = { kind: 'source', list: 'sources', example: 'ci' } as const;
const listed = Type.Object({ items: Type.Array(sourceWire) });

/** `tocsin sources list`. */
const list: Command = {
  ...shared,
  name: 'sources list',
  isDefault: true,
  summary: 'every source: its format, how it is proved, where its sender sends to',
  details: [],
  args: [],
  options: [urlOption, jsonOption],
  exits: { ...shared.exits, ok: 'They were shown.' },
  examples: [{ command: 'tocsin sources', note: 'what can come in' }],
  run: (call, { out, terminal, ...context }) =>
    withApi(call, { out, terminal, ...context }, async (api) => {
      const answer = await api.get('api/v1/sources', {}, listed);
      if (!answer.ok) return answer;
      if (call.value(jsonOption)) out(printableJson(answer.value));
      else for (const line of sourceTable(answer.value.items, terminal)) out(line);
      return answer;
    }),
};

/** `tocsin sources show`. */
const show: Command = {
  ...shared,
  name: 'sources show',
  summary: 'one source with its settings, secrets masked',
  details: ['The settings are shown to admins alone.'],
  args: [idArgument(words)],
  options: [urlOption, jsonOption],
  exits: { ...shared.exits, ok: 'It was shown.' },
  examples: [{ command: 'tocsin sources show ci', note: 'how is it configured?' }],
  run: (call, context) =>
    withObject(call, context, async (api, id) => {
      const answer = await api.get(`api/v1/sources/${id}`, {}, sourceWithSettingsWire);
      if (!answer.ok) return answer;
      const { kind, origin, scheme, path, updatedAt, settings } = answer.value;
      const facts = [
        ['Kind', `${kind}, configured in the ${origin}`],
        ['Scheme', scheme],
        ['Path', path],
        ['Changed', updatedAt],
      ] as const;
      if (call.value(jsonOption)) context.out(printableJson(answer.value));
      else for (const line of objectLines(id, facts, settings, context.terminal)) context.out(line);
      return answer;
    }),
};

/** Every command of the group. */
export const sources: readonly Command[] = [list, show, putCommand(words), deleteCommand(words)];
