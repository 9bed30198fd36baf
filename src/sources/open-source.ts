import type { Fault } from '../kernel/fault.ts';
import { schemes } from './schemes/index.ts';
import type { Scheme, SchemeContext } from './schemes/scheme.ts';
import type { VerificationSettings } from './schemes/settings.ts';
import type { OwnApplication, Source, SourceKind } from './source.ts';

export interface SourceContext extends SchemeContext {
  readonly ownApplication: OwnApplication;
}

/** What is wrong with a source's way of proving: no scheme, or settings that do not fit it. */
export function schemeFaults(kind: SourceKind, settings: VerificationSettings): readonly Fault[] {
  const scheme = schemeOf(kind, settings);
  if (scheme !== undefined) return scheme.check(settings);
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
  const scheme = schemeOf(kind, verification);
  if (scheme === undefined) throw new TypeError(`no scheme for the source ${context.id}`);
  const format = kind.open(settings, { id: context.id, ownApplication: context.ownApplication });
  const preflight = format.preflight?.bind(format);
  return {
    kind: kind.kind,
    verify: scheme.open(verification, context),
    parse: (message) => format.parse(message),
    ...(preflight === undefined ? {} : { preflight }),
  };
}

function schemeOf(kind: SourceKind, { scheme }: VerificationSettings): Scheme | undefined {
  const name = scheme ?? kind.scheme;
  return schemes.find((one: Scheme) => one.name === name);
}
