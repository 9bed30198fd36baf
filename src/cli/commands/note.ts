import { EVENT_ID_PATTERN } from '../../kernel/ids.ts';
import { apiVariables, openApi } from '../api.ts';
import type { Call, Command, CommandContext } from '../command.ts';
import { note as noteSchema } from '../event-wire.ts';
import { exitCodes } from '../exit-codes.ts';
import { readInput } from '../input.ts';
import { jsonOption } from '../option.ts';
import { printableJson } from '../printable.ts';
import { type Result, succeeded } from '../result.ts';
import { urlOption } from '../service-url.ts';

/** `tocsin note`. */
export const note: Command = {
  name: 'note',
  summary: 'write something down about an event',
  details: ['A note is shown with its event, with who wrote it and when. It is never changed.'],
  args: [
    { name: '<event>', description: 'An event (evt_…).' },
    { name: '<text>', description: 'The note; - for standard input.' },
  ],
  options: [urlOption, jsonOption],
  variables: apiVariables,
  exits: { ok: 'It is written down.', failed: 'Not found, refused, or nobody answered.' },
  examples: [{ command: 'tocsin note evt_… "asked ops: a planned scan"', note: 'for those who come after' }],
  async run(call, context) {
    const [id = '', typed = ''] = call.args;
    if (!new RegExp(EVENT_ID_PATTERN).test(id)) {
      context.err('error: this is no id of an event: they begin with evt_');
      return exitCodes.usage;
    }
    const written = await write(id, typed, call, context);
    if (written.ok) context.out(written.value);
    else context.err(written.fault);
    return written.ok ? exitCodes.ok : exitCodes.failed;
  },
};

async function write(
  id: string,
  typed: string,
  call: Call,
  context: CommandContext,
): Promise<Result<string>> {
  const text = await textOf(typed, context);
  if (!text.ok) return text;
  const api = openApi(call, context);
  if (!api.ok) return api;
  const made = await api.value.post(`api/v1/events/${id}/notes`, { text: text.value }, noteSchema);
  if (!made.ok) return made;
  return succeeded(call.value(jsonOption) ? printableJson(made.value) : 'Written down.');
}

async function textOf(typed: string, context: CommandContext): Promise<Result<string>> {
  if (typed !== '-') return succeeded(typed);
  const read = await readInput(context, '-');
  return read.ok ? succeeded(read.value.toString('utf8')) : read;
}
