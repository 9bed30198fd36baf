import { matterStates, severities } from '../../events/event.ts';
import { EVENT_ID_PATTERN } from '../../kernel/ids.ts';
import { type Api, apiVariables, openApi, type Query } from '../api.ts';
import type { Call, Command, CommandContext } from '../command.ts';
import { eventDetailLines, eventTable } from '../event-lines.ts';
import { eventDetails } from '../event-wire.ts';
import { exitCodes } from '../exit-codes.ts';
import { followEvents } from '../follow-events.ts';
import { listEvents } from '../list-events.ts';
import {
  choiceOption,
  jsonOption,
  momentOption,
  optionName,
  switchOption,
  textOption,
  timeText,
  wholeOption,
} from '../option.ts';
import { printableJson, printableJsonLine } from '../printable.ts';
import type { Result } from '../result.ts';
import { urlOption } from '../service-url.ts';

const source = textOption('--source <id>', 'That came through this source.');
const type = textOption('--type <type>', 'Of this type.');
const severity = choiceOption('--severity <severity>', 'At least so severe', severities);
const subject = textOption('--subject <id>', 'About this subject.');
const state = choiceOption('--state <state>', 'What it makes of its matter', matterStates);
const matter = textOption('--matter <fingerprint>', 'Of this matter.');
const search = textOption(
  '--search <words>',
  'That hold all these words; "a phrase", begin*. Quote it for the shell.',
);
const since = momentOption('--since <time>', 'Received from then on: 1h for an hour ago, or RFC 3339.');
const until = momentOption('--until <time>', 'Received before then.');
const unrouted = switchOption('--unrouted', 'That no rule took.');
const internal = switchOption('--internal', 'About our own application.');
const unacknowledged = switchOption('--unacknowledged', 'That no operator has taken note of.');
const geoSource = textOption('--geo-source <place>', 'That came from there: FR, private or unknown.');
const geoDestination = textOption('--geo-destination <place>', 'That went there.');
const geoAllowed = choiceOption('--geo-allowed <flag>', 'Whether the country lists allow it', [
  'true',
  'false',
]);
const follow = switchOption('--follow', 'Go on showing what comes in, oldest first, until interrupted.');
const limitOption = wholeOption('--limit <n>', 'At most so many (else 50).', { minimum: 1, maximum: 10_000 });
const LIMIT = 50;

const filters = [
  source,
  type,
  severity,
  subject,
  state,
  matter,
  search,
  since,
  until,
  unrouted,
  internal,
  unacknowledged,
  geoSource,
  geoDestination,
  geoAllowed,
  limitOption,
  follow,
];

/** `tocsin events`. */
export const events: Command = {
  name: 'events',
  summary: 'list events, newest first; or show one with its deliveries and attempts',
  details: [],
  args: [{ name: '[id]', description: 'One event (evt_…).' }],
  options: [...filters, urlOption, jsonOption],
  variables: apiVariables,
  exits: {
    ok: 'They were shown, even if there are none.',
    failed: 'Not found, refused, or nobody answered.',
  },
  examples: [
    { command: 'tocsin events --since 1h --severity high', note: 'the severe ones of the last hour' },
    { command: 'tocsin events evt_…', note: 'what became of one event' },
    { command: 'tocsin events --unrouted --json', note: 'for programs' },
    { command: `tocsin events --search '"from TOR" jeff*'`, note: 'that hold these words' },
    { command: 'tocsin events --geo-allowed false', note: 'from or to where it should not be' },
    { command: 'tocsin events --follow', note: 'as they come' },
  ],
  async run(call, context) {
    const [id] = call.args;
    const wrong = misuse(call, id);
    if (wrong !== undefined) {
      context.err(`error: ${wrong}`);
      return exitCodes.usage;
    }
    const api = openApi(call, context);
    const shown = !api.ok
      ? api
      : id !== undefined
        ? await showOne(api.value, id, call, context)
        : call.value(follow)
          ? await showComing(api.value, call, context)
          : await showList(api.value, call, context);
    if (shown.ok) return exitCodes.ok;
    context.err(shown.fault);
    return exitCodes.failed;
  },
};

/** What the events of the past alone can be asked for. */
const pastFilters = [since, until, search, unacknowledged, limitOption];

function misuse(call: Call, id: string | undefined): string | undefined {
  if (id !== undefined && !new RegExp(EVENT_ID_PATTERN).test(id))
    return 'this is no id of an event: they begin with evt_';
  if (id !== undefined && filters.some((option) => call.has(option))) return 'one event takes no filters';
  if (call.value(follow) && pastFilters.some((option) => call.has(option))) {
    return `--follow shows what comes from now on: without ${pastFilters.map(optionName).join(', ')}`;
  }
  return undefined;
}

async function showOne(
  api: Api,
  id: string,
  call: Call,
  { out, terminal }: CommandContext,
): Promise<Result<unknown>> {
  const found = await api.get(`api/v1/events/${id}`, {}, eventDetails);
  if (!found.ok) return found;
  out(
    call.value(jsonOption) ? printableJson(found.value) : eventDetailLines(found.value, terminal).join('\n'),
  );
  return found;
}

async function showList(api: Api, call: Call, context: CommandContext): Promise<Result<unknown>> {
  const limit = call.value(limitOption) ?? LIMIT;
  const listed = await listEvents(api, filterOf(call, context.now()), limit);
  if (!listed.ok) return listed;
  const { items, nextCursor } = listed.value;
  if (call.value(jsonOption)) context.out(printableJson({ items, nextCursor }));
  else if (items.length === 0) context.err('No events.');
  else context.out(eventTable(items, context.terminal).join('\n'));
  if (listed.value.isWhole === false)
    context.err('The search index is behind or being filled: some events may be missing.');
  if (nextCursor !== null) context.err(`There are more than these ${items.length}: --limit shows more.`);
  return listed;
}

const showComing = (api: Api, call: Call, context: CommandContext): Promise<Result<unknown>> =>
  followEvents(api, filterOf(call, context.now()), context, (items) => {
    const lines = call.value(jsonOption) ? items.map(printableJsonLine) : eventTable(items, context.terminal);
    context.out(lines.join('\n'));
  });

const filterOf = (call: Call, now: number): Query => ({
  source: call.value(source),
  type: call.value(type),
  severity: call.value(severity),
  subject: call.value(subject),
  state: call.value(state),
  fingerprint: call.value(matter),
  search: call.value(search),
  since: timeText(call.value(since), now),
  until: timeText(call.value(until), now),
  unrouted: call.value(unrouted),
  internal: call.value(internal),
  'geo.source': call.value(geoSource),
  'geo.destination': call.value(geoDestination),
  'geo.allowed': call.value(geoAllowed),
  acknowledged: call.value(unacknowledged) ? false : undefined,
});
