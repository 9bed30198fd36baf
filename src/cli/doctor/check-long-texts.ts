import { type Config, publicUrlOf } from '../../app/settings.ts';
import { durationMs } from '../../kernel/duration.ts';
import type { TargetObject } from '../../registry/objects.ts';
import { type Finding, ok, warn } from './finding.ts';

const CHECK = 'long texts';
const NAMED_MAX = 5;
const DAY_MS = 86_400_000;

/** Whether the links of the targets with `longText: link` lead to where readers are let in. */
export function checkLongTexts(config: Config, targets: readonly TargetObject[]): readonly Finding[] {
  const linking = targets.filter(({ settings }) => settings['longText'] === 'link').map(({ id }) => id);
  if (linking.length === 0) return [];
  const named = [...linking.slice(0, NAMED_MAX), ...(linking.length > NAMED_MAX ? ['…'] : [])].join(', ');
  const found: Finding[] = [];
  if (publicUrlOf(config) === undefined)
    found.push(
      warn(
        CHECK,
        `${named}: http.publicUrl is not set, so that links to whole texts lead to the address bound to`,
        'Set TOCSIN_PUBLIC_URL to where the readers of these targets reach the service.',
      ),
    );
  if (config.messages.store === 'memory' && !config.roles.includes('api'))
    found.push(
      warn(
        CHECK,
        `${named}: messages are in the memory of this process, which answers no HTTP: nobody can read them`,
        'Set messages.store to database or redis.',
      ),
    );
  if (durationMs(config.messages.expiresIn.max) < DAY_MS)
    found.push(
      warn(
        CHECK,
        `${named}: messages.expiresIn.max ends links to whole texts after ${config.messages.expiresIn.max}`,
        'Set it to 24h or more.',
      ),
    );
  return found.length > 0 ? found : [ok(CHECK, `${named}: links to whole texts lead to http.publicUrl`)];
}
