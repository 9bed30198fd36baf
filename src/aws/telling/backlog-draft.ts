import type { EventDraft } from '../../events/event.ts';
import { oneLine } from '../../kernel/one-line.ts';
import { toInstant } from '../../kernel/schema.ts';
import { sha256Hex } from '../../kernel/secret.ts';
import { type CheckSeverity, GLOBAL, severities } from '../checks/check.ts';
import type { ScanId } from '../findings/scan.ts';

/** What was there where nobody had looked before. */
export interface Backlog {
  readonly accountId: string;
  /** The account's id in the config; undefined of a session's scan. */
  readonly account: string | undefined;
  readonly scanId: ScanId;
  readonly counts: Readonly<Record<CheckSeverity, number>>;
  readonly checks: number;
  readonly places: readonly string[];
}

const TITLE_MAX = 300;
const LABEL_MAX = 500;

/** One event for all that a first look finds, instead of an event for each. Its severity is that of the worst. */
export function backlogDraft(backlog: Backlog, at: number): EventDraft {
  const { accountId, account, scanId, counts, checks, places } = backlog;
  const type = 'aws.finding.backlog';
  const found = severities.toReversed().filter((severity) => counts[severity] > 0);
  const total = found.reduce((sum, severity) => sum + counts[severity], 0);
  const said = found.map((severity) => `${counts[severity]} ${severity}`).join(', ');
  const title = `AWS account ${account ?? accountId} is looked at for the first time by ${several(checks, 'check')} in ${placesOf(places)}: ${several(total, 'finding')} (${said}); new ones are told one by one`;
  const labels = {
    account: accountId,
    ...(account === undefined ? {} : { account_name: account }),
    scan: scanId,
    findings: String(total),
    ...Object.fromEntries(found.map((severity) => [severity, String(counts[severity])])),
    places: oneLine(places.join(', '), LABEL_MAX),
  };
  return {
    type,
    severity: found[0] ?? 'informational',
    title: oneLine(title, TITLE_MAX),
    occurredAt: at,
    subject: { kind: 'aws-account', id: accountId },
    observables: [],
    link: undefined,
    fingerprint: sha256Hex(`${type} ${accountId} ${scanId}`).slice(0, 32),
    labels,
    internalAlert: undefined,
    dedupeKey: sha256Hex(`${type} ${scanId}`),
    payload: JSON.stringify({
      type,
      at: toInstant(at),
      scan: scanId,
      account: accountId,
      findings: total,
      counts,
      checks,
      places,
    }),
  };
}

const several = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const placesOf = (places: readonly string[]): string =>
  places.length > 3 ? `${places.filter((place) => place !== GLOBAL).length} regions` : places.join(', ');
