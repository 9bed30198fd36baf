import type { CheckDetails, FrameworkDetails, FrameworkSummary } from './aws-wire.ts';
import type { Terminal } from './command.ts';
import { severityCell, whole } from './event-lines.ts';
import { type Cell, cell, layOut } from './layout.ts';
import { painter, type Style } from './paint.ts';

/** Checks as a table: one line each. */
export const checkTable = (checks: readonly CheckDetails[], terminal: Terminal): string[] =>
  layOut(
    checks.map(({ id, severity, title }) => [cell(id), severityCell(severity), cell(title)]),
    terminal,
  );

/** One check: what it asserts, and all that `checkFactLines` has. */
export function checkDetailLines(check: CheckDetails, terminal: Terminal): string[] {
  const paint = painter(terminal);
  return [
    `${paint(check.title, 'bold')}  ${paint(check.id, 'dim')}`,
    ...layOut([[cell('Severity', 'dim'), severityCell(check.severity)]], whole(terminal), '  '),
    '',
    ...checkFactLines(check, terminal),
  ];
}

/** Why a check's failure matters, how it is mended, and what it stands for. */
export function checkFactLines(check: CheckDetails, terminal: Terminal): string[] {
  const { why, fix, references, controls, actions } = check;
  const paint = painter(terminal);
  const part = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', paint(title, 'bold'), ...lines.map((line) => `  ${paint(line)}`)];
  return [
    paint('Why it matters', 'bold'),
    `  ${paint(why)}`,
    ...part('In the console', fix.console.split('\n')),
    ...part('On the command line', fix.cli.split('\n')),
    ...part('Controls', controlLines(controls)),
    ...part('References', references),
    ...part('What IAM must allow', actions),
  ];
}

/** Each version of a framework once, with its controls. */
function controlLines(controls: CheckDetails['controls']): string[] {
  const byVersion = new Map<string, string[]>();
  for (const { framework, version, control } of controls) {
    const name = `${framework} ${version}`;
    byVersion.set(name, [...(byVersion.get(name) ?? []), control]);
  }
  return [...byVersion].map(([name, numbers]) => `${name}: ${numbers.join(', ')}`);
}

/** Versions of frameworks: one line each. */
export const frameworkTable = (frameworks: readonly FrameworkSummary[], terminal: Terminal): string[] =>
  layOut(
    frameworks.map(({ framework, version, statuses }) => [
      cell(framework),
      cell(version),
      cell(some(statuses.fail, 'fail'), 'red'),
      cell(some(statuses.unknown, 'unknown'), 'yellow'),
      cell(some(statuses.pass, 'pass'), 'green'),
      cell(some(statuses.not_applicable, 'not applicable'), 'dim'),
    ]),
    terminal,
  );

const some = (count: number, what: string): string => (count === 0 ? '' : `${count} ${what}`);

const statusStyles: Readonly<Record<FrameworkDetails['controls'][number]['status'], Style>> = {
  fail: 'red',
  unknown: 'yellow',
  pass: 'green',
  not_applicable: 'dim',
};

/** The controls of one version of a framework, each with what its checks say. */
export function frameworkLines(framework: FrameworkDetails, terminal: Terminal): string[] {
  const paint = painter(terminal);
  return [
    paint(`${framework.framework} ${framework.version}`, 'bold'),
    ...layOut(framework.controls.map(controlCells), terminal, '  '),
  ];
}

function controlCells({ control, status, checks, resources }: FrameworkDetails['controls'][number]): Cell[] {
  const { fail, muted, unknown, pass } = resources;
  const counts = [some(fail, 'fail'), some(muted, 'muted'), some(unknown, 'unknown'), some(pass, 'pass')];
  return [
    cell(control),
    cell(status.replace('_', ' '), statusStyles[status]),
    cell(counts.filter((text) => text !== '').join(', '), 'dim'),
    cell(checks.join(' ')),
  ];
}
