import { canonicalJson } from '../../kernel/canonical-json.ts';
import { sha256Hex } from '../../kernel/secret.ts';
import {
  type CheckResult,
  type CheckRun,
  type CheckSeverity,
  type CheckStatus,
  severities,
} from '../checks/check.ts';
import {
  type FailureFacts,
  type FindingChange,
  type FindingId,
  findingId,
  type OpenFinding,
  type Resolution,
} from './finding.ts';

/**
 * How a scan differs from what is open in the account, in the order of its runs, and at the end what is gone. Behind the
 * changes of a run it says with `ran` that it judged. Of one resource's several results in one run the worse wins. What
 * is not known opens and resolves nothing.
 */
export function* diffRuns(
  runs: Iterable<CheckRun>,
  accountId: string,
  open: ReadonlyMap<FindingId, OpenFinding>,
): Generator<FindingChange, void, undefined> {
  const judged = new Places();
  /** What is open and was in the results of some run: it is not gone. */
  const there = new Set<FindingId>();
  for (const run of runs) {
    for (const [arn, result] of worstOfEach(run)) {
      const id = findingId(accountId, run.checkId, arn);
      const known = open.get(id);
      if (known !== undefined) there.add(id);
      const change = changeOf(run, result, accountId, id, known);
      if (change !== undefined) yield change;
    }
    judged.add(run);
    const ran = ranOf(run);
    if (ran !== undefined) yield ran;
  }
  for (const { id, checkId, place } of open.values()) {
    if (there.has(id) || !judged.wereWhole(checkId, place)) continue;
    yield { kind: 'resolved', id, because: 'gone', reason: 'It is not there any more.' };
  }
}

/** Equal for a failure that is said in the same words and for the same facts: 32 hex digits. */
export const digestOf = (reason: string, evidence: Readonly<Record<string, unknown>>): string =>
  sha256Hex(canonicalJson({ reason, evidence })).slice(0, 32);

/** What was listed and then could not be judged was not looked at: once it can be, its failures are no news. */
function ranOf({ checkId, place, isWhole, results }: CheckRun): FindingChange | undefined {
  const unknown = results.filter(({ status }) => status === 'UNKNOWN').length;
  if (unknown > 0 && unknown === results.length) return undefined;
  if (results.length === 0 && !isWhole) return undefined;
  return { kind: 'ran', checkId, place, isWhole: isWhole && unknown === 0 };
}

/** Which places checks looked at, and whether they saw all of them. */
class Places {
  readonly #isWhole = new Map<string, boolean>();

  add({ checkId, place, isWhole }: CheckRun): void {
    const key = `${checkId}\n${place}`;
    this.#isWhole.set(key, isWhole && this.#isWhole.get(key) !== false);
  }

  wereWhole(checkId: string, place: string): boolean {
    return this.#isWhole.get(`${checkId}\n${place}`) === true;
  }
}

/** Each is worse than those before it: what could not be read may be a failure. */
const byBadness = ['NOT_APPLICABLE', 'PASS', 'UNKNOWN', 'FAIL'] as const satisfies readonly CheckStatus[];

function worstOfEach({ results, severity }: CheckRun): ReadonlyMap<string, CheckResult> {
  const isWorse = (one: CheckResult, other: CheckResult): boolean =>
    one.status === other.status
      ? rank(one.severity ?? severity) > rank(other.severity ?? severity)
      : byBadness.indexOf(one.status) > byBadness.indexOf(other.status);
  const worst = new Map<string, CheckResult>();
  for (const result of results) {
    const other = worst.get(result.resource.arn);
    if (other === undefined || isWorse(result, other)) worst.set(result.resource.arn, result);
  }
  return worst;
}

const rank = (severity: CheckSeverity): number => severities.indexOf(severity);

function changeOf(
  run: CheckRun,
  result: CheckResult,
  accountId: string,
  id: FindingId,
  known: OpenFinding | undefined,
): FindingChange | undefined {
  if (result.status === 'UNKNOWN') return undefined;
  if (result.status === 'FAIL') {
    const severity = severityOf(run, result, known);
    return failureOf(factsOf(run, { ...result, severity }, accountId, id), known);
  }
  if (known === undefined) return undefined;
  return { kind: 'resolved', id, because: resolutionOf[result.status], reason: result.reason };
}

/** What could not be read makes nothing worse, and nothing less bad. */
const severityOf = (run: CheckRun, result: CheckResult, known: OpenFinding | undefined): CheckSeverity =>
  (result.isSeverityOpen === true ? known?.severity : undefined) ?? result.severity ?? run.severity;

const resolutionOf = { PASS: 'passed', NOT_APPLICABLE: 'not_applicable' } as const satisfies Partial<
  Record<CheckStatus, Resolution>
>;

const factsOf = (
  { checkId, place, severity }: CheckRun,
  result: CheckResult,
  accountId: string,
  id: FindingId,
): FailureFacts => ({
  id,
  accountId,
  checkId,
  place,
  severity: result.severity ?? severity,
  resource: result.resource,
  reason: result.reason,
  evidence: result.evidence ?? {},
});

function failureOf(finding: FailureFacts, known: OpenFinding | undefined): FindingChange {
  const digest = digestOf(finding.reason, finding.evidence);
  if (known === undefined) return { kind: 'opened', finding, digest };
  if (rank(finding.severity) > rank(known.severity))
    return { kind: 'worse', finding, digest, from: known.severity };
  const isSame =
    finding.severity === known.severity && digest === known.digest && finding.place === known.place;
  return isSame ? { kind: 'seen', id: finding.id } : { kind: 'altered', finding, digest };
}
