import { Type } from 'typebox';
import {
  type checkWire,
  findingDetailWire,
  findingPageWire,
  type findingWire,
  frameworkListWire,
  frameworkWire,
} from '../aws/api/findings-wire.ts';
import { accountWire, scanPageWire, scanReportWire, scanWire } from '../aws/api/scans-wire.ts';
import type { Static } from '../kernel/schema.ts';

/** What the API says of accounts, their scans and their findings, as the command line checks it. */
export { scanPageWire as scanPage, scanReportWire as scanReport, scanWire as scan };
export {
  findingDetailWire as finding,
  findingPageWire as findingPage,
  frameworkListWire as frameworkList,
  frameworkWire as framework,
};
export const accountList = Type.Object({ items: Type.Array(accountWire) });

export type AccountSummary = Static<typeof accountWire>;
export type ScanSummary = Static<typeof scanWire>;
export type ScanDetails = Static<typeof scanReportWire>;
export type FindingSummary = Static<typeof findingWire>;
export type FindingDetails = Static<typeof findingDetailWire>;
export type CheckDetails = Static<typeof checkWire>;
export type FrameworkSummary = Static<typeof frameworkListWire>['items'][number];
export type FrameworkDetails = Static<typeof frameworkWire>;
