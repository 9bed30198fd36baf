import type { TargetKind } from '../target.ts';
import { email } from './email.ts';
import { http } from './http.ts';
import { log } from './log.ts';
import { slack } from './slack.ts';
import { sms } from './sms.ts';

/** Every kind of target. A new one is a file beside this and a line here. */
export const targetKinds = [log, email, http, sms, slack] as const satisfies readonly TargetKind[];
