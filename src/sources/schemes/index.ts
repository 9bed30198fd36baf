import { bearer } from './bearer.ts';
import { github } from './github.ts';
import { hmac } from './hmac.ts';
import { mtls } from './mtls.ts';
import type { Scheme } from './scheme.ts';
import { slack } from './slack.ts';
import { sns } from './sns.ts';
import { sqreen } from './sqreen.ts';
import { standard } from './standard.ts';
import { stripe } from './stripe.ts';

/** All ways of proving a request genuine. A new one is one file beside this one, its line here and its name in `settings.ts`. */
export const schemes = [
  sqreen,
  standard,
  github,
  stripe,
  slack,
  sns,
  hmac,
  bearer,
  mtls,
] as const satisfies readonly Scheme[];
