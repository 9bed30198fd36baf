import { type Id, UUID_PATTERN, uuidv7 } from '../../kernel/ids.ts';
import type { CheckStatus } from '../checks/check.ts';
import type { Coverage } from '../inventory/account.ts';

export type ScanId = Id<'scn'>;
export const newScanId = (nowMs?: number): ScanId => `scn_${uuidv7(nowMs)}`;
export const SCAN_ID_PATTERN = `^scn_${UUID_PATTERN}$`;

export const scanStates = ['requested', 'running', 'done', 'failed', 'cancelled', 'abandoned'] as const;
export type ScanState = (typeof scanStates)[number];

export const scanTriggers = ['schedule', 'request'] as const;
export type ScanTrigger = (typeof scanTriggers)[number];

export const scanPhases = ['waiting', 'reading', 'judging', 'recording', 'over'] as const;
export type ScanPhase = (typeof scanPhases)[number];

/** How far a scan is: what people watch. */
export interface ScanProgress {
  readonly phase: ScanPhase;
  /** Steps of this phase, of which `done` are done; the total grows while there is more to be found. */
  readonly steps: number;
  readonly done: number;
  readonly calls: number;
  /** Findings by what became of them so far. */
  readonly opened: number;
  readonly resolved: number;
}

/** The figures of the contracted summary, over all regions that were read; null: could not be read. */
export interface ScanFigures {
  readonly clusters: number | null;
  readonly services: number | null;
  readonly tasks: number | null;
  readonly unhealthyServices: number | null;
  readonly buckets: number | null;
  readonly bucketBytes: number | null;
  readonly bucketsWithoutEncryption: number | null;
  readonly publicBuckets: number | null;
  readonly volumes: number | null;
  readonly volumeGib: number | null;
  readonly unattachedVolumes: number | null;
  readonly unencryptedVolumes: number | null;
  readonly vpcs: number | null;
  readonly subnets: number | null;
  readonly securityGroupsWithOpenSsh: number | null;
  readonly routeTables: number | null;
}

/** How often a check had each status. */
export type CheckCounts = Readonly<Record<CheckStatus, number>>;

export interface ScanOutcome {
  readonly coverage: Coverage;
  readonly figures: ScanFigures;
  /** By check id. */
  readonly checks: Readonly<Record<string, CheckCounts>>;
}
