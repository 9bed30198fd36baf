import type { CheckFacts, FrameworkControl } from '../checks/check.ts';
import type { FindingCount } from './port.ts';
import type { CheckCounts, ScanOutcome } from './scan.ts';

export const controlStatuses = ['fail', 'unknown', 'pass', 'not_applicable'] as const;
/** Of a control: the first of these that any of its checks has; but for `not_applicable`, which all must have. */
export type ControlStatus = (typeof controlStatuses)[number];

/** Resources by what a control's checks say of them. Muted failures are accepted, and beside the others. */
export interface ResourceCounts {
  readonly fail: number;
  readonly muted: number;
  readonly unknown: number;
  readonly pass: number;
  readonly notApplicable: number;
}

export interface ControlSummary {
  readonly control: string;
  readonly status: ControlStatus;
  readonly checks: readonly string[];
  readonly resources: ResourceCounts;
}

export interface FrameworkSummary {
  readonly framework: string;
  readonly version: string;
  /** In the order of the framework's own numbers. */
  readonly controls: readonly ControlSummary[];
  readonly statuses: Readonly<Record<ControlStatus, number>>;
}

/** What is known of accounts: what the last done scan of each said, and what is open. */
export interface Standing {
  readonly scans: readonly ScanOutcome['checks'][];
  readonly findings: readonly Pick<FindingCount, 'check' | 'state' | 'muted' | 'count'>[];
}

const natural = new Intl.Collator('en', { numeric: true });

/** How each version of each framework stands, as far as there are checks for its controls. */
export function frameworkSummaries(
  checks: readonly CheckFacts[],
  standing: Standing,
): readonly FrameworkSummary[] {
  const byCheck = new Map(checks.map(({ id }) => [id, standOf(id, standing)]));
  const frameworks = grouped(
    checks.flatMap(({ id, controls }) => controls.map((control) => ({ ...control, check: id }))),
    ({ framework, version }) => `${framework}\n${version}`,
  );
  return [...frameworks.values()]
    .map((controls) => summaryOf(controls, byCheck))
    .sort((a, b) => natural.compare(a.framework, b.framework) || natural.compare(a.version, b.version));
}

type CheckedControl = FrameworkControl & { readonly check: string };

/** What is known of a check; undefined resources: it never ran. */
interface Stand {
  readonly hasRun: boolean;
  readonly resources: ResourceCounts;
}

function standOf(check: string, { scans, findings }: Standing): Stand {
  const said = scans.flatMap((scan) => scan[check] ?? []);
  const sum = (status: keyof CheckCounts): number =>
    said.reduce((total, counts) => total + counts[status], 0);
  const open = findings.filter((one) => one.check === check && one.state === 'open');
  const count = (muted: boolean): number =>
    open.reduce((total, one) => (one.muted === muted ? total + one.count : total), 0);
  return {
    hasRun: said.length > 0,
    resources: {
      fail: count(false),
      muted: count(true),
      unknown: sum('UNKNOWN'),
      pass: sum('PASS'),
      notApplicable: sum('NOT_APPLICABLE'),
    },
  };
}

function summaryOf(
  all: readonly [CheckedControl, ...CheckedControl[]],
  byCheck: ReadonlyMap<string, Stand>,
): FrameworkSummary {
  const [{ framework, version }] = all;
  const controls = [...grouped(all, ({ control }) => control)]
    .map(([control, rows]): ControlSummary => {
      const checks = [...new Set(rows.map(({ check }) => check))].sort();
      const stands = checks.flatMap((check) => byCheck.get(check) ?? []);
      return { control, checks, status: controlStatus(stands), resources: added(stands) };
    })
    .sort((a, b) => natural.compare(a.control, b.control));
  const statuses = { fail: 0, unknown: 0, pass: 0, not_applicable: 0 };
  for (const { status } of controls) statuses[status] += 1;
  return { framework, version, controls, statuses };
}

/** What was not looked at, or could not be read, is not known to pass. */
function controlStatus(stands: readonly Stand[]): ControlStatus {
  if (stands.some(({ resources }) => resources.fail > 0)) return 'fail';
  if (stands.some(({ hasRun, resources }) => !hasRun || resources.unknown > 0)) return 'unknown';
  const applies = stands.some(({ resources }) => resources.pass + resources.muted > 0);
  return applies ? 'pass' : 'not_applicable';
}

const added = (stands: readonly Stand[]): ResourceCounts => {
  const sum = (name: keyof ResourceCounts): number =>
    stands.reduce((total, { resources }) => total + resources[name], 0);
  return {
    fail: sum('fail'),
    muted: sum('muted'),
    unknown: sum('unknown'),
    pass: sum('pass'),
    notApplicable: sum('notApplicable'),
  };
};

function grouped<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, [Row, ...Row[]]> {
  const groups = new Map<string, [Row, ...Row[]]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}
