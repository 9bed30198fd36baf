import type { TargetKind } from '../target.ts';
import { amqp } from './amqp.ts';
import { discord } from './discord.ts';
import { email } from './email.ts';
import { http } from './http.ts';
import { log } from './log.ts';
import { matrix } from './matrix.ts';
import { nats } from './nats.ts';
import { ntfy } from './ntfy.ts';
import { opsgenie } from './opsgenie.ts';
import { pagerduty } from './pagerduty.ts';
import { s3 } from './s3.ts';
import { slack } from './slack.ts';
import { sms } from './sms.ts';
import { sns } from './sns.ts';
import { teams } from './teams.ts';
import { telegram } from './telegram.ts';

/** Every kind of target. A new one is a file beside this and a line here. */
export const targetKinds = [
  log,
  email,
  http,
  sms,
  slack,
  discord,
  teams,
  telegram,
  pagerduty,
  opsgenie,
  ntfy,
  matrix,
  amqp,
  nats,
  s3,
  sns,
] as const satisfies readonly TargetKind[];
