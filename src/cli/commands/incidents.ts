import { INCIDENT_ID_PATTERN } from '../../incidents/book/incident-id.ts';
import type { Api } from '../api.ts';
import { apiVariables } from '../api.ts';
import type { Call, Command, CommandContext } from '../command.ts';
import { employeeDetailLines, employeeTable } from '../employee-lines.ts';
import { exitCodes } from '../exit-codes.ts';
import { feedLines, listsOf } from '../feed-lines.ts';
import {
  allOption,
  feedOption,
  filterOf,
  filterOptions,
  isEmployee,
  LISTED_NOW,
  sinceOption,
  typeOption,
  untilOption,
} from '../incident-filter.ts';
import { incidentDetailLines, incidentTable, invalidTable } from '../incident-lines.ts';
import {
  employee,
  feedsStatus,
  incident,
  incidentPage,
  invalidPage,
  riskiestWire,
} from '../incident-wire.ts';
import { type Listed, listPages } from '../list-pages.ts';
import { jsonOption, type Option, optionName, switchOption, timeText, wholeOption } from '../option.ts';
import { printableJson } from '../printable.ts';
import type { Result } from '../result.ts';
import { urlOption } from '../service-url.ts';
import { withApi } from '../with-api.ts';

const LIMIT = 50;
const limitOption = wholeOption('--limit <n>', `At most so many (else ${LIMIT}).`, {
  minimum: 1,
  maximum: 10_000,
});
const employeesLimitOption = wholeOption('--limit <n>', 'At most so many (else 20).', {
  minimum: 1,
  maximum: 200,
});
const invalidOption = switchOption(
  '--invalid',
  'Instead: listed records that are no incidents, with what is wrong with each.',
);
const listedOption = switchOption('--listed', 'Only what feeds list now counts.');

const shared = {
  variables: apiVariables,
  exits: {
    ok: 'They were shown, even if there are none.',
    failed: 'Not found, refused, or nobody answered.',
  },
} as const;

/** `tocsin incidents list`. */
const list: Command = {
  ...shared,
  name: 'incidents list',
  isDefault: true,
  summary: 'incidents of the feeds, newest first',
  details: [LISTED_NOW],
  args: [],
  options: [...filterOptions, invalidOption, limitOption, urlOption, jsonOption],
  examples: [
    { command: 'tocsin incidents list --priority-min high --since 24h', note: 'the severe ones of today' },
    { command: 'tocsin incidents list --employee 1234 --all', note: 'everything about somebody' },
    { command: 'tocsin incidents list --unresolved', note: 'whom are these about?' },
  ],
  async run(call, context) {
    const wrong = misuse(call);
    if (wrong !== undefined) {
      context.err(`error: ${wrong}`);
      return exitCodes.usage;
    }
    return withApi(call, context, (api) =>
      call.value(invalidOption) ? showInvalid(api, call, context) : showList(api, call, context),
    );
  },
};

/** The API has no more of them. */
const invalidFilters: readonly Option[] = [feedOption, typeOption];

function misuse(call: Call): string | undefined {
  if (!call.value(invalidOption)) return undefined;
  const wrong = filterOptions.find((option) => !invalidFilters.includes(option) && call.has(option));
  return wrong === undefined ? undefined : `--invalid does not go with ${optionName(wrong)}`;
}

async function showList(api: Api, call: Call, context: CommandContext): Promise<Result<unknown>> {
  const filter = filterOf(call, context.now());
  const listed = await listPages(call.value(limitOption) ?? LIMIT, (page) =>
    api.get('api/v1/incidents', { ...filter, ...page }, incidentPage),
  );
  if (!listed.ok) return listed;
  const hint = call.value(allOption) ? '' : ' --all shows history too.';
  tell(listed.value, call, context, `No incidents.${hint}`, incidentTable);
  return listed;
}

async function showInvalid(api: Api, call: Call, context: CommandContext): Promise<Result<unknown>> {
  const filter = { feed: call.value(feedOption), type: call.value(typeOption) };
  const listed = await listPages(call.value(limitOption) ?? LIMIT, (page) =>
    api.get('api/v1/incidents/invalid', { ...filter, ...page }, invalidPage),
  );
  if (listed.ok) tell(listed.value, call, context, 'No invalid records.', invalidTable);
  return listed;
}

function tell<Item>(
  listed: Listed<Item>,
  call: Call,
  { out, err, terminal }: CommandContext,
  none: string,
  table: (items: readonly Item[], terminal: CommandContext['terminal']) => string[],
): void {
  const { items, nextCursor } = listed;
  if (call.value(jsonOption)) out(printableJson(listed));
  else if (items.length === 0) err(none);
  else out(table(items, terminal).join('\n'));
  if (nextCursor !== null) err(`There are more than these ${items.length}: --limit shows more.`);
}

/** `tocsin incidents show`. */
const show: Command = {
  ...shared,
  name: 'incidents show',
  summary: 'one incident with its record',
  details: [],
  args: [{ name: '<id>', description: 'The incident (inc_…).' }],
  options: [urlOption, jsonOption],
  exits: { ...shared.exits, ok: 'It was shown.' },
  examples: [{ command: 'tocsin incidents show inc_…', note: 'what does its feed say?' }],
  async run(call, context) {
    const [id = ''] = call.args;
    if (!new RegExp(INCIDENT_ID_PATTERN).test(id)) {
      context.err('error: this is no id of an incident: they begin with inc_');
      return exitCodes.usage;
    }
    return withApi(call, context, async (api) => {
      const found = await api.get(`api/v1/incidents/${id}`, {}, incident);
      if (found.ok)
        context.out(
          call.value(jsonOption)
            ? printableJson(found.value)
            : incidentDetailLines(found.value, context.terminal).join('\n'),
        );
      return found;
    });
  },
};

/** `tocsin incidents employees`. */
const employees: Command = {
  ...shared,
  name: 'incidents employees',
  summary: 'employees by the score of their incidents, the riskiest first',
  details: [
    'Each incident has points by its priority, which fade with its age: incidents.risk in the config. History counts too.',
  ],
  args: [],
  options: [
    feedOption,
    typeOption,
    sinceOption,
    untilOption,
    listedOption,
    employeesLimitOption,
    urlOption,
    jsonOption,
  ],
  examples: [{ command: 'tocsin incidents employees --limit 5', note: 'whom to talk to first' }],
  run: (call, context) =>
    withApi(call, context, async (api) => {
      const query = {
        feed: call.value(feedOption),
        type: call.value(typeOption),
        since: timeText(call.value(sinceOption), context.now()),
        until: timeText(call.value(untilOption), context.now()),
        listed: call.value(listedOption),
        limit: call.value(employeesLimitOption) ?? 20,
      };
      const found = await api.get('api/v1/incidents/employees', query, riskiestWire);
      if (!found.ok) return found;
      const { items } = found.value;
      if (call.value(jsonOption)) context.out(printableJson(found.value));
      else if (items.length === 0) context.err('No incident has an employee.');
      else context.out(employeeTable(items, context.terminal).join('\n'));
      return found;
    }),
};

/** `tocsin incidents employee`. */
const oneEmployee: Command = {
  ...shared,
  name: 'incidents employee',
  summary: 'one employee: score, counts, addresses and the newest incidents',
  details: [],
  args: [{ name: '<id>', description: 'The employee: a whole number.' }],
  options: [urlOption, jsonOption],
  exits: { ...shared.exits, ok: 'They were shown.' },
  examples: [{ command: 'tocsin incidents employee 1234', note: 'why so high?' }],
  async run(call, context) {
    const [id = ''] = call.args;
    if (!isEmployee(id)) {
      context.err('error: this is no id of an employee: it is a whole number');
      return exitCodes.usage;
    }
    return withApi(call, context, async (api) => {
      const found = await api.get(`api/v1/incidents/employees/${id}`, {}, employee);
      if (found.ok)
        context.out(
          call.value(jsonOption)
            ? printableJson(found.value)
            : employeeDetailLines(found.value, context.terminal).join('\n'),
        );
      return found;
    });
  },
};

/** `tocsin incidents status`. */
const status: Command = {
  ...shared,
  name: 'incidents status',
  summary: 'how each feed and each of its lists stands: age, counts, error',
  details: [
    "A list that fails keeps what it last held, and is stale when that is too old by its feed's staleAfter.",
  ],
  args: [],
  options: [urlOption, jsonOption],
  exits: { ok: 'No list is stale.', failed: 'A list is stale; or refused, or nobody answered.' },
  examples: [
    { command: 'tocsin incidents status', note: 'is what is answered of now?' },
    {
      command: 'tocsin incidents status --json > /dev/null || echo stale',
      note: 'for a script that watches',
    },
  ],
  async run(call, context) {
    let isStale = false;
    const code = await withApi(call, context, async (api) => {
      const found = await api.get('api/v1/incidents/status', {}, feedsStatus);
      if (!found.ok) return found;
      isStale = found.value.feeds.some((feed) => listsOf(feed).some(({ stale }) => stale));
      if (call.value(jsonOption)) context.out(printableJson(found.value));
      else if (found.value.feeds.length === 0) context.err('No incident feed is configured.');
      else context.out(feedLines(found.value, context.terminal).join('\n'));
      return found;
    });
    return code === exitCodes.ok && isStale ? exitCodes.failed : code;
  },
};

/** What is asked of a running service. */
export const incidents: readonly Command[] = [list, show, employees, oneEmployee, status];
