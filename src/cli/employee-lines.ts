import { priorities } from '../incidents/incident.ts';
import type { Terminal } from './command.ts';
import { shortTime, whole } from './event-lines.ts';
import { incidentTable } from './incident-lines.ts';
import type { EmployeeDetails, EmployeeRisk } from './incident-wire.ts';
import { cell, layOut } from './layout.ts';
import { painter } from './paint.ts';

/** Employees as a table: one line each. */
export const employeeTable = (employees: readonly EmployeeRisk[], terminal: Terminal): string[] =>
  layOut(
    employees.map(({ employee, score, counts, lastAt }) => [
      cell(employee, 'bold'),
      cell(scoreText(score)),
      cell(countsText(counts)),
      cell(lastAt === null ? '' : `last ${shortTime(lastAt)}`, 'dim'),
    ]),
    terminal,
  );

const scoreText = (score: number): string => score.toFixed(1);

/** The worst first; what there is none of is left out. */
function countsText(counts: EmployeeRisk['counts']): string {
  const given = priorities.toReversed().filter((priority) => counts[priority] > 0);
  return given.map((priority) => `${counts[priority]} ${priority}`).join(', ') || 'none';
}

/** One employee in full. */
export function employeeDetailLines(employee: EmployeeDetails, terminal: Terminal): string[] {
  const { scale, byType, addresses, latest } = employee;
  const paint = painter(terminal);
  const { weights, halfLifeSeconds } = scale;
  const facts: readonly (readonly [string, string | null])[] = [
    ['Score', scoreText(employee.score)],
    [
      'Points',
      `${priorities.map((priority) => `${priority} ${weights[priority]}`).join(', ')}; half after ${daysText(halfLifeSeconds)}`,
    ],
    ['Incidents', countsText(employee.counts)],
    [
      'By type',
      Object.entries(byType)
        .map(([type, count]) => `${type} ${count}`)
        .join(', '),
    ],
    ['Listed now', String(employee.listed)],
    ['First', employee.firstAt],
    ['Last', employee.lastAt],
    ...addresses.map(({ feed, address, forgottenAt }): [string, string] => [
      'Address',
      `${address} (${feed}${forgottenAt === null ? '' : `, forgotten ${shortTime(forgottenAt)}`})`,
    ]),
  ];
  const given = facts.flatMap(([name, text]) => (text === null ? [] : [[cell(name, 'dim'), cell(text)]]));
  return [
    paint(`Employee ${employee.employee}`, 'bold'),
    ...layOut(given, whole(terminal), '  '),
    '',
    paint('Latest', 'bold'),
    ...incidentTable(latest, terminal).map((line) => `  ${line}`),
  ];
}

const daysText = (seconds: number): string =>
  seconds >= 86_400 ? `${Number((seconds / 86_400).toFixed(1))} days` : `${seconds} s`;
