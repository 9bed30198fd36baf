import type { RuleWire, SourceWire, TrialWire } from '../registry/wire.ts';
import type { Terminal } from './command.ts';
import { type Cell, cell, layOut } from './layout.ts';
import { painter } from './paint.ts';
import { printable, printableJson } from './printable.ts';

type Settings = Readonly<Record<string, unknown>>;

/** Sources as a table: one line each. */
export const sourceTable = (sources: readonly SourceWire[], terminal: Terminal): string[] =>
  layOut(
    sources.map(({ id, kind, origin, scheme, path }) => [
      cell(id),
      cell(kind),
      cell(scheme ?? ''),
      cell(origin, 'dim'),
      cell(path, 'dim'),
    ]),
    terminal,
  );

interface Rules {
  readonly items: readonly RuleWire[];
  readonly default: { readonly targets: readonly string[]; readonly matches: RuleWire['matches'] };
}

/** Rules in their order: one line each; the last is what no rule takes. */
export const ruleTable = ({ items, default: rest }: Rules, terminal: Terminal): string[] =>
  layOut(
    [
      ...items.map(({ id, origin, settings, matches }) =>
        ruleCells(id, targetsText(settings['targets']), matches, origin),
      ),
      ruleCells('default', targetsText(rest.targets), rest.matches, ''),
    ],
    terminal,
  );

const ruleCells = (
  id: string,
  targets: string,
  { lastHour, lastDay }: RuleWire['matches'],
  origin: string,
): Cell[] => [
  cell(id),
  cell(`→ ${targets}`),
  cell(`${lastHour} in the last hour`),
  cell(`${lastDay} in the last day`),
  cell(origin, 'dim'),
];

function targetsText(targets: unknown): string {
  const ids = Array.isArray(targets) ? targets.map(String) : [];
  return ids.length === 0 ? 'nobody' : ids.join(', ');
}

/** One object with its settings, as a file for `put` would have them. */
export function objectLines(
  id: string,
  facts: readonly (readonly [string, string | null])[],
  settings: Settings | null,
  terminal: Terminal,
): string[] {
  const given = facts.flatMap(([name, text]) => (text === null ? [] : [[cell(name, 'dim'), cell(text)]]));
  return [
    painter(terminal)(printable(id), 'bold'),
    ...layOut(given, { ...terminal, columns: undefined }, '  '),
    ...settingsLines(settings),
  ];
}

/** Empty where the token may not see them. */
export const settingsLines = (settings: Settings | null): string[] =>
  settings === null ? [] : printableJson(settings).split('\n');

const outcomes = {
  delivered: 'delivered',
  retry: 'failed; a delivery would be tried again',
  rejected: 'refused for good',
} as const;

/** What came of a test. */
export function trialLines(trial: TrialWire, terminal: Terminal): string[] {
  const { outcome, reason, status, answer, durationMs } = trial;
  const facts: readonly (readonly [string, string | null])[] = [
    ['Outcome', outcomes[outcome]],
    ['Reason', reason],
    ['Status', status === null ? null : String(status)],
    ['Answer', answer],
    ['Took', `${durationMs} ms`],
    ['Delivery', trial.deliveryId],
  ];
  const given = facts.flatMap(([name, text]) => (text === null ? [] : [[cell(name, 'dim'), cell(text)]]));
  return layOut(given, { ...terminal, columns: undefined });
}
