import type { Severity } from '../events/event.ts';

const WORDS: Readonly<Record<Severity, readonly string[]>> = {
  critical: [
    'critical',
    'crit',
    'fatal',
    'emergency',
    'emerg',
    'alert',
    'panic',
    'disaster',
    'blocker',
    'severe',
    'p0',
    'p1',
    'sev0',
    'sev1',
    's1',
  ],
  high: ['high', 'error', 'err', 'major', 'important', 'page', 'urgent', 'p2', 'sev2', 's2'],
  medium: ['medium', 'med', 'moderate', 'warning', 'warn', 'average', 'ticket', 'p3', 'sev3', 's3'],
  low: ['low', 'minor', 'notice', 'p4', 'sev4', 's4'],
  informational: [
    'informational',
    'information',
    'info',
    'none',
    'ok',
    'normal',
    'success',
    'negligible',
    'trivial',
    'debug',
    'trace',
    'verbose',
    'log',
    'p5',
    'sev5',
    's5',
  ],
  unknown: ['unknown', 'undefined', 'unspecified', 'notclassified', 'other'],
};

const SEVERITIES: ReadonlyMap<string, Severity> = new Map(
  // The keys are the severities: the table's own type says so.
  Object.entries(WORDS).flatMap(([severity, words]) =>
    words.map((word) => [word, severity as Severity] as const),
  ),
);

/** A severity is one short word; more is prose. */
const WORD_LENGTH_MAX = 40;

/**
 * The severity that a sender's word means, whatever its case, its blanks, `-` and `_`; undefined when it is none
 * of them. Syslog's levels (RFC 5424), priorities `P1` to `P5`, `SEV-1` to `SEV-5`, the words of CVSS and of
 * Prometheus rules are among them.
 */
export function severityOfWord(word: unknown): Severity | undefined {
  if (typeof word !== 'string' || word.length > WORD_LENGTH_MAX) return undefined;
  return SEVERITIES.get(word.toLowerCase().replaceAll(/[\s_-]+/g, ''));
}

/** The scales on which senders count. */
export const severityScales = ['ocsf', 'syslog', 'cvss', 'percent', 'priority'] as const;
export type SeverityScale = (typeof severityScales)[number];

/**
 * The severity that a number means on a scale; undefined when it lies outside.
 *
 * | scale | from | to |
 * |---|---|---|
 * | `ocsf` | 1 informational | 5 critical, 6 fatal; 0 and 99 unknown |
 * | `syslog` | 7 debug | 0 emergency (RFC 5424) |
 * | `cvss` | 0.0 none | 10.0 critical, in the bands of CVSS v3.1, section 5 |
 * | `percent` | 0 | 100: CVSS times ten |
 * | `priority` | 5 | 1 (and 0) critical |
 */
export function severityOfNumber(value: number, scale: SeverityScale): Severity | undefined {
  if (scale === 'cvss') return severityOfCvss(value);
  if (scale === 'percent') return severityOfCvss(value / 10);
  return STEPS[scale].get(value);
}

const STEPS: Readonly<Record<'ocsf' | 'syslog' | 'priority', ReadonlyMap<number, Severity>>> = {
  ocsf: new Map([
    [0, 'unknown'],
    [1, 'informational'],
    [2, 'low'],
    [3, 'medium'],
    [4, 'high'],
    [5, 'critical'],
    [6, 'critical'],
    [99, 'unknown'],
  ]),
  syslog: new Map([
    [0, 'critical'],
    [1, 'critical'],
    [2, 'critical'],
    [3, 'high'],
    [4, 'medium'],
    [5, 'low'],
    [6, 'informational'],
    [7, 'informational'],
  ]),
  priority: new Map([
    [0, 'critical'],
    [1, 'critical'],
    [2, 'high'],
    [3, 'medium'],
    [4, 'low'],
    [5, 'informational'],
  ]),
};

function severityOfCvss(score: number): Severity | undefined {
  if (!(score >= 0 && score <= 10)) return undefined;
  if (score === 0) return 'informational';
  if (score < 4) return 'low';
  if (score < 7) return 'medium';
  return score < 9 ? 'high' : 'critical';
}
