import type { Command } from '../command.ts';
import { ack } from './ack.ts';
import { audit } from './audit.ts';
import { aws } from './aws.ts';
import { backup } from './backup.ts';
import { checkConfig } from './check-config.ts';
import { completion } from './completion.ts';
import { doctor } from './doctor.ts';
import { events } from './events.ts';
import { explainConfig } from './explain-config.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { incidents } from './incidents.ts';
import { incidentsExport } from './incidents-export.ts';
import { incidentsFetch } from './incidents-fetch.ts';
import { matters } from './matters.ts';
import { migrate } from './migrate.ts';
import { note } from './note.ts';
import { replay } from './replay.ts';
import { restore } from './restore.ts';
import { reveal } from './reveal.ts';
import { rotateKey } from './rotate-key.ts';
import { rulesTest } from './rules-test.ts';
import { rules } from './rules.ts';
import { send } from './send.ts';
import { serve } from './serve.ts';
import { share } from './share.ts';
import { sources } from './sources.ts';
import { targetTrials } from './target-trials.ts';
import { targets } from './targets.ts';
import { token } from './token.ts';
import { unshare } from './unshare.ts';

/** Every command, in the order of the help. A new one is a file beside this one, and its line here. */
export const commands: readonly Command[] = [
  serve,
  checkConfig,
  explainConfig,
  doctor,
  ...rules,
  rulesTest,
  send,
  events,
  matters,
  ack,
  note,
  replay,
  ...incidents,
  incidentsExport,
  incidentsFetch,
  ...aws,
  share,
  reveal,
  unshare,
  ...sources,
  ...targets,
  ...targetTrials,
  ...token,
  audit,
  rotateKey,
  migrate,
  backup,
  restore,
  exportCommand,
  importCommand,
  completion(() => ({ commands, groups })),
];

/** What the first words of commands with two stand for. */
export const groups: Readonly<Record<string, string>> = {
  rules: 'which events go where: list, put, order, delete, try',
  incidents: 'what feeds list: list, show, employees, employee, status, export, fetch',
  aws: 'AWS accounts: findings, mute, unmute, export, scan, scans, accounts, summary, frameworks, checks, policy',
  sources: 'where events come from: list, show, put, delete',
  targets: 'how targets stand; enable, disable, pause, resume; put, delete, test, preview',
  token: "operators' tokens: list, create, rotate, revoke",
};
