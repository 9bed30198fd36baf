import { EVENT_ID_PATTERN } from '../../kernel/ids.ts';
import { type Api, apiVariables, openApi } from '../api.ts';
import type { Call, Command } from '../command.ts';
import { acknowledgement } from '../event-wire.ts';
import { exitCodes } from '../exit-codes.ts';
import { jsonOption, switchOption, textOption } from '../option.ts';
import { printable, printableJson } from '../printable.ts';
import { type Result, succeeded } from '../result.ts';
import { urlOption } from '../service-url.ts';

const reason = textOption('--reason <text>', 'Why: for those who come after.');
const undo = switchOption('--undo', 'Take the acknowledgement back.');

/** `tocsin ack`. */
export const ack: Command = {
  name: 'ack',
  summary: 'acknowledge an event: somebody has taken note of it',
  details: ['Of several acknowledgements the first one stands. It changes nothing about deliveries.'],
  args: [{ name: '<event>', description: 'An event (evt_…).' }],
  options: [reason, undo, urlOption, jsonOption],
  variables: apiVariables,
  exits: { ok: 'It is acknowledged, or was before.', failed: 'Not found, refused, or nobody answered.' },
  examples: [
    { command: 'tocsin ack evt_… --reason "a scan of ours"', note: 'and say why' },
    { command: 'tocsin ack evt_… --undo', note: 'take it back' },
  ],
  async run(call, context) {
    const [id = ''] = call.args;
    const wrong = misuse(call, id);
    if (wrong !== undefined) {
      context.err(`error: ${wrong}`);
      return exitCodes.usage;
    }
    const api = openApi(call, context);
    const said = api.ok ? await say(api.value, id, call) : api;
    if (said.ok) context.out(said.value);
    else context.err(said.fault);
    return said.ok ? exitCodes.ok : exitCodes.failed;
  },
};

function misuse(call: Call, id: string): string | undefined {
  if (!new RegExp(EVENT_ID_PATTERN).test(id)) return 'this is no id of an event: they begin with evt_';
  return call.value(undo) && call.has(reason) ? '--undo takes no --reason' : undefined;
}

async function say(api: Api, id: string, call: Call): Promise<Result<string>> {
  const path = `api/v1/events/${id}/acknowledge` as const;
  if (call.value(undo)) {
    const undone = await api.delete(path);
    return undone.ok ? succeeded(call.value(jsonOption) ? 'null' : 'Not acknowledged any more.') : undone;
  }
  const why = call.value(reason);
  const made = await api.post(path, why === undefined ? {} : { reason: why }, acknowledgement);
  if (!made.ok) return made;
  if (call.value(jsonOption)) return succeeded(printableJson(made.value));
  const { at, by, reason: told } = made.value;
  return succeeded(printable(`Acknowledged at ${at} by ${by.name}${told === null ? '' : `: ${told}`}`));
}
