import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/log.ts';
import type { Route } from '../../kernel/route.ts';
import type { Journal } from '../../storage/journal.ts';
import type { Check } from '../checks/check.ts';
import { FindingMutes } from '../findings/mutes.ts';
import type { FindingReader, ScanStore } from '../findings/port.ts';
import { checkRoutes } from './checks-http.ts';
import { findingPartRoutes } from './findings-http.ts';
import { standingRoutes } from './findings-standing-http.ts';

export interface FindingRoutesOptions {
  readonly reader: Pick<FindingReader, 'find' | 'getMany' | 'counts'>;
  readonly scans: Pick<ScanStore, 'latestDone' | 'history'>;
  readonly journal: Pick<Journal, 'submit'>;
  /** In the order that they are listed in. */
  readonly checks: readonly Check[];
  /** Stands in exports; empty where none is configured. */
  readonly publicUrl: () => string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What is known of AWS accounts from their scans. */
export function findingRoutes(options: FindingRoutesOptions): readonly Route[] {
  const checks = new Map(options.checks.map((check) => [check.id, check]));
  const parts = { ...options, checks, mutes: new FindingMutes(options) };
  return [...findingPartRoutes(parts), ...standingRoutes(parts), ...checkRoutes(parts)];
}
