import { durationMs } from '../kernel/duration.ts';
import type { Fault } from '../kernel/fault.ts';
import { schemes } from './schemes/index.ts';
import type { Scheme, SchemeContext } from './schemes/scheme.ts';
import { type VerificationSettings, verificationSettings } from './schemes/settings.ts';
import type { OwnApplication, Source, SourceKind } from './source.ts';

export interface SourceContext extends SchemeContext {
  readonly ownApplication: OwnApplication;
}

/** How the requests of a kind are proved, as far as the kind says. */
export type OwnProof = Pick<SourceKind, 'scheme' | 'verification'>;

/** What is wrong with a source's way of proving: no scheme, or settings that do not fit it. */
export function schemeFaults(kind: OwnProof, settings: VerificationSettings): readonly Fault[] {
  const scheme = schemeOf(kind, settings);
  if (scheme !== undefined) {
    return [
      ...unknownSettings(scheme, settings),
      ...toleranceFaults(settings),
      ...scheme.check(completed(kind, settings)),
    ];
  }
  const names = schemes.map(({ name }) => name).join(', ');
  return [
    { path: 'scheme', message: `is missing: this kind can be proved in several ways; one of ${names}` },
  ];
}

/** A source with its format and its way of proving. The settings were checked. */
export function openSource(
  kind: SourceKind,
  settings: Readonly<Record<string, unknown>>,
  verification: VerificationSettings,
  context: SourceContext,
): Source {
  const { scheme, ...proof } = openProof(kind, verification, context);
  const { id, ownApplication } = context;
  const format = kind.open(settings, { id, ownApplication, scheme });
  const preflight = format.preflight?.bind(format);
  return {
    kind: kind.kind,
    ...proof,
    parse: (message) => format.parse(message),
    ...(preflight === undefined ? {} : { preflight }),
  };
}

/** The way of proving alone. The settings were checked. */
export function openProof(
  kind: OwnProof,
  verification: VerificationSettings,
  context: SchemeContext,
): Pick<Source, 'verify' | 'replayWindowMs'> & { readonly scheme: string } {
  const scheme = schemeOf(kind, verification);
  if (scheme === undefined) throw new TypeError(`no scheme for the source ${context.id}`);
  const toleranceMs = scheme.toleranceMs?.(completed(kind, verification));
  return {
    scheme: scheme.name,
    verify: scheme.open(completed(kind, verification), context),
    replayWindowMs: toleranceMs === undefined ? 0 : 2 * toleranceMs + REPLAY_MARGIN_MS,
  };
}

/** From the look at the signed time to the claim of the key: parsing, and the edge of the window itself. */
const REPLAY_MARGIN_MS = 10_000;
const TOLERANCE_MS_MIN = 1_000;
const TOLERANCE_MS_MAX = 86_400_000;

/** A setting that the scheme does not read would be a promise that nobody keeps. */
function unknownSettings(scheme: Scheme, settings: VerificationSettings): readonly Fault[] {
  const names = Object.keys(verificationSettings.properties) as (keyof VerificationSettings)[];
  return names
    .filter((name) => name !== 'scheme' && settings[name] !== undefined && !scheme.settings.includes(name))
    .map((name) => ({
      path: name,
      message: `is not known to the scheme ${scheme.name}: it reads ${scheme.settings.join(', ')}`,
    }));
}

function toleranceFaults({ tolerance }: VerificationSettings): readonly Fault[] {
  if (tolerance === undefined) return [];
  const ms = durationMs(tolerance);
  const isSensible = ms >= TOLERANCE_MS_MIN && ms <= TOLERANCE_MS_MAX;
  return isSensible ? [] : [{ path: 'tolerance', message: 'must be between 1s and 24h' }];
}

/** With what the kind's own sender does, unless the config chose another way than that sender's. */
function completed(kind: OwnProof, settings: VerificationSettings): VerificationSettings {
  const isOwn = settings.scheme === undefined || settings.scheme === kind.scheme;
  return isOwn ? { ...kind.verification, ...settings } : settings;
}

function schemeOf(kind: OwnProof, { scheme }: VerificationSettings): Scheme | undefined {
  const name = scheme ?? kind.scheme;
  return schemes.find((one: Scheme) => one.name === name);
}
