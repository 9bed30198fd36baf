import type { TargetWire } from '../delivery/targets-wire.ts';
import type { Terminal } from './command.ts';
import { type Cell, cell, layOut } from './layout.ts';
import { painter, type Style } from './paint.ts';

/** Targets as a table: one line each. */
export const targetTable = (targets: readonly TargetWire[], terminal: Terminal): string[] =>
  layOut(targets.map(targetCells), terminal);

const stateStyles = { enabled: 'green', paused: 'yellow', disabled: 'red' } as const;

function targetCells(target: TargetWire): Cell[] {
  const { id, kind, state, health } = target;
  return [
    cell(id),
    cell(kind),
    cell(state, stateStyles[state]),
    cell(rateText(health), rateStyle(health.successRate)),
    cell(countText(health.pending, 'waiting')),
    cell(whyText(target), 'dim'),
  ];
}

/** One target in full. */
export function targetDetailLines(target: TargetWire, terminal: Terminal): string[] {
  const { health } = target;
  const facts: readonly (readonly [string, string | null])[] = [
    ['Kind', `${target.kind}, configured in the ${target.origin}`],
    ['State', target.state],
    ['Changed', changeText(target)],
    ['Held', target.state === 'enabled' ? heldText(target) : null],
    ['Last hour', `${rateText(health)}; ${health.rejected} given up at once`],
    [
      'Attempts take',
      health.durationMs && `${health.durationMs.p50} ms, one in twenty over ${health.durationMs.p95} ms`,
    ],
    ['Breaker', breakerText(health.breaker)],
    ['Waiting', waitingText(health.pending)],
    ['Skipped', health.skipped.count > 0 ? countText(health.skipped, 'not replayed') : null],
    ['Last success', health.lastSuccessAt],
    ['Last failure', health.lastFailureAt],
    ['Failing since', health.failingSince],
    ['Rate limit', target.rateLimit],
    ['Fallback', target.fallback],
  ];
  const given = facts.flatMap(([name, text]) => (text === null ? [] : [[cell(name, 'dim'), cell(text)]]));
  return [painter(terminal)(target.id, 'bold'), ...layOut(given, { ...terminal, columns: undefined }, '  ')];
}

/** What can be sent again now that the target takes deliveries; undefined when there is nothing. */
export function skippedHint({ id, health: { skipped } }: TargetWire): string | undefined {
  if (skipped.count === 0) return undefined;
  return `${countText(skipped, 'skipped meanwhile')}. To send them: tocsin replay --status skipped --target ${id}`;
}

type Health = TargetWire['health'];

function rateText({ successRate, delivered, failed, rejected }: Health): string {
  if (successRate === null) return 'no attempts';
  return `${Math.floor(successRate * 1_000) / 10} % of ${delivered + failed + rejected}`;
}

function rateStyle(rate: number | null): Style | undefined {
  if (rate === null) return 'dim';
  return rate >= 0.99 ? 'green' : rate >= 0.5 ? 'yellow' : 'red';
}

const countText = ({ count, isMore }: Health['pending'], what: string): string =>
  `${count}${isMore ? '+' : ''} ${what}`;

function waitingText(pending: Health['pending']): string {
  const since = pending.oldestAt === null ? '' : `, since ${pending.oldestAt}`;
  return `${countText(pending, 'deliveries')}${since}`;
}

const breakerText = ({ state, until }: Health['breaker']): string =>
  state === 'open' && until !== null ? `open until ${until}` : state.replace('_', ' ');

function changeText({ changedAt, changedBy, reason, until }: TargetWire): string | null {
  if (changedAt === null) return null;
  const parts = [`${changedAt} by ${changedBy ?? 'unknown'}`, reason ?? '', until ? `until ${until}` : ''];
  return parts.filter((part) => part !== '').join(', ');
}

const holds: Readonly<Record<NonNullable<TargetWire['held']>['reason'], string>> = {
  target_missing: 'not configured',
  target_disabled: 'disabled',
  target_paused: 'paused',
  receiver_asked: 'the receiver asked for peace',
  breaker_open: 'too many failures in a row',
  rate_limited: 'the rate limit is reached',
};

function heldText({ held }: TargetWire): string | null {
  if (held === null) return null;
  return held.until === null ? holds[held.reason] : `${holds[held.reason]}, until ${held.until}`;
}

function whyText(target: TargetWire): string {
  if (target.state === 'enabled') return heldText(target) ?? '';
  const until = target.until === null ? '' : `until ${target.until}`;
  return [target.reason ?? '', until].filter((part) => part !== '').join(', ');
}
