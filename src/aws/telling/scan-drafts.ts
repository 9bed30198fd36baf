import type { EventDraft } from '../../events/event.ts';
import { oneLine } from '../../kernel/one-line.ts';
import { toInstant } from '../../kernel/schema.ts';
import { sha256Hex } from '../../kernel/secret.ts';
import type { ScanId } from '../findings/scan.ts';
import type { FailureKind, ReadFailure } from '../inventory/reading.ts';

const TITLE_MAX = 300;
const LABEL_MAX = 500;
const NAMED_MAX = 10;

/** A configured account's scan that people are told of: alerts about our own application. */
export interface ToldScan {
  readonly id: ScanId;
  /** The account's id in the config. */
  readonly account: string;
  /** Unix ms. */
  readonly at: number;
}

/** Scans of the account worked, and this one failed. */
export const failedDraft = (scan: ToldScan, detail: string): EventDraft =>
  draftOf(scan, {
    name: 'scan_failed',
    aspect: 'scans',
    severity: 'high',
    state: 'open',
    words: `cannot be scanned any more: ${detail}`,
    labels: { detail },
  });

/** It works again. */
export const recoveredDraft = (scan: ToldScan): EventDraft =>
  draftOf(scan, {
    name: 'scan_recovered',
    aspect: 'scans',
    severity: 'informational',
    state: 'resolved',
    words: 'is scanned again',
    labels: {},
  });

/** The last scan could read more. `denied`: actions with their regions, `ec2:DescribeVolumes in eu-west-1`. */
export const coverageLostDraft = (scan: ToldScan, denied: readonly string[]): EventDraft =>
  draftOf(scan, {
    name: 'coverage_lost',
    aspect: 'coverage',
    severity: 'medium',
    state: 'open',
    words: `denies what could be read before: ${named(denied)}; what is found by it stays as it was`,
    labels: { denied: denied.join(', ') },
  });

/** Nothing is denied any more that was read before. */
export const coverageBackDraft = (scan: ToldScan): EventDraft =>
  draftOf(scan, {
    name: 'coverage_recovered',
    aspect: 'coverage',
    severity: 'informational',
    state: 'resolved',
    words: 'denies nothing any more',
    labels: {},
  });

/** Why an account could not be read, for people. */
export const failureWords = ({ kind, action, region, code }: ReadFailure): string =>
  `${failures[kind]} (${action} in ${region}: ${code})`;

const failures = {
  denied: 'AWS denies it',
  throttled: 'AWS would not let it be asked so often',
  missing: 'what was asked about does not exist',
  refused: 'its credentials are refused',
  unreachable: 'AWS cannot be reached',
  failed: 'AWS answered with an error',
} as const satisfies Record<FailureKind, string>;

const named = (denied: readonly string[]): string =>
  denied.length > NAMED_MAX
    ? `${denied.slice(0, NAMED_MAX).join(', ')} and ${denied.length - NAMED_MAX} more`
    : denied.join(', ');

interface Words extends Required<Pick<EventDraft, 'severity' | 'labels'>> {
  readonly name: string;
  /** What of the account it is about: its matter. */
  readonly aspect: 'scans' | 'coverage';
  readonly state: 'open' | 'resolved';
  /** Behind `The AWS account production `. */
  readonly words: string;
}

function draftOf({ id, account, at }: ToldScan, words: Words): EventDraft {
  const type = `tocsin.aws.${words.name}`;
  const title = oneLine(`The AWS account ${account} ${words.words}`, TITLE_MAX);
  const said = Object.entries(words.labels).map(([name, text]) => [name, oneLine(text, LABEL_MAX)] as const);
  const detail = { account_name: account, scan: id, ...Object.fromEntries(said) };
  return {
    type,
    severity: words.severity,
    title,
    occurredAt: at,
    subject: { kind: 'aws-account', id: account },
    fingerprint: sha256Hex(`tocsin.aws ${words.aspect} ${account}`).slice(0, 32),
    state: words.state,
    labels: detail,
    observables: [],
    link: undefined,
    internalAlert: { humanized_description: title, ...detail },
    dedupeKey: sha256Hex(`${type} ${id}`),
    payload: JSON.stringify({ type, at: toInstant(at), ...detail }),
  };
}
