import { priorities } from '../incidents/incident.ts';
import type { Query } from './api.ts';
import type { Call } from './command.ts';
import { choiceOption, momentOption, type Option, switchOption, textOption, timeText } from './option.ts';
import { failed, succeeded } from './result.ts';

const EMPLOYEE = /^\d{1,20}$/;
export const isEmployee = (text: string): boolean => EMPLOYEE.test(text);

const employeeOption: Option<string> = {
  flags: '--employee <id>',
  description: 'About this employee: a whole number.',
  read: (typed) =>
    typeof typed === 'string' && isEmployee(typed) ? succeeded(typed) : failed('a whole number'),
};
const priorityOption = choiceOption('--priority <priority>', 'Exactly this', priorities);
const priorityMinOption = choiceOption('--priority-min <priority>', 'At least this', priorities);
export const typeOption = textOption('--type <type>', 'Of this type, as its feed calls it: denial.');
export const feedOption = textOption('--feed <id>', 'Of this feed.');
const addressOption = textOption(
  '--address <address>',
  'Whose employee is looked up by it, or that came from it.',
);
const searchOption = textOption('--text <text>', 'That holds this in its record, whatever the case.');
export const sinceOption = momentOption(
  '--since <time>',
  'That happened from then on: 24h for a day ago, or RFC 3339.',
);
export const untilOption = momentOption('--until <time>', 'That happened before then.');
export const unresolvedOption = switchOption('--unresolved', 'Without an employee.');
export const allOption = switchOption('--all', 'History too: what feeds do not list any more.');

/** Which incidents: the same wherever incidents are asked for. */
export const filterOptions: readonly Option[] = [
  employeeOption,
  priorityOption,
  priorityMinOption,
  typeOption,
  feedOption,
  addressOption,
  searchOption,
  sinceOption,
  untilOption,
  unresolvedOption,
  allOption,
];

export const LISTED_NOW =
  'Without --all these are the ones that feeds list now, as `GET /incidents` has them.';

/** The options as the API takes them. */
export const filterOf = (call: Call, now: number): Query => ({
  employee: call.value(employeeOption),
  priority: call.value(priorityOption),
  priorityMin: call.value(priorityMinOption),
  type: call.value(typeOption),
  feed: call.value(feedOption),
  address: call.value(addressOption),
  text: call.value(searchOption),
  since: timeText(call.value(sinceOption), now),
  until: timeText(call.value(untilOption), now),
  attributed: call.value(unresolvedOption) === true ? false : undefined,
  listed: call.value(allOption) === true ? undefined : true,
});
