import type { Command } from '../command.ts';
import { accounts, summary } from './aws-accounts.ts';
import { check, checks } from './aws-checks.ts';
import { awsExport } from './aws-export.ts';
import { finding, findings } from './aws-findings.ts';
import { frameworks } from './aws-frameworks.ts';
import { mute, unmute } from './aws-mute.ts';
import { policy } from './aws-policy.ts';
import { scan } from './aws-scan.ts';
import { cancel, scans } from './aws-scans.ts';

/** AWS accounts: what they have, their scans, and what fails in them. */
export const aws: readonly Command[] = [
  findings,
  finding,
  mute,
  unmute,
  awsExport,
  scan,
  scans,
  cancel,
  accounts,
  summary,
  frameworks,
  checks,
  check,
  policy,
];
