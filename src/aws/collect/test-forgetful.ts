import type { AwsKeys } from '../principal.ts';

/** What the thread is told: `needle` is what to look for, in base64, so that looking for it is no hit. */
export interface ForgetfulTask {
  readonly url: string;
  readonly keys: AwsKeys;
  readonly region: string;
  readonly needle: string;
}
