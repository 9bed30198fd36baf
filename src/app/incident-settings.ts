import { Type } from 'typebox';
import { setting } from '../config/definition.ts';
import { durationMs } from '../kernel/duration.ts';
import type { Fault } from '../kernel/fault.ts';
import { duration, secretText } from '../kernel/schema.ts';

const weight = (priority: string, points: number) =>
  setting(
    Type.Number({
      minimum: 0,
      maximum: 1_000_000,
      default: points,
      description: `Points of an incident of priority ${priority} while it is new.`,
    }),
  );

/** The id of the feed that the environment configures. */
export const ENVIRONMENT_FEED = 'elevate';

/** Incident feeds: the contract's one from the environment, and what holds for all. */
export const incidentSettings = {
  'incidents.url': setting(
    Type.Optional(
      Type.String({
        pattern: '^https?://[^\\s?#@]+$',
        maxLength: 2_048,
        expected: 'an http or https URL without credentials and query',
        description:
          'The base of an Elevate incident API: a feed `elevate` without a file. Absent or empty: none.',
      }),
    ),
    { env: ['TOCSIN_INCIDENTS_URL'], emptyIsUnset: true },
  ),
  'incidents.user': setting(
    Type.Optional(
      Type.String({ minLength: 1, maxLength: 256, description: 'Its user, for Basic credentials.' }),
    ),
    { env: ['ELEVATE_API_USER'], emptyIsUnset: true },
  ),
  'incidents.password': setting(
    Type.Optional(secretText({ description: 'Its password, for Basic credentials.' })),
    { env: ['ELEVATE_API_PASSWORD'], emptyIsUnset: true },
  ),
  'incidents.every': setting(
    duration({ default: '8s', description: 'How often the feed of the environment is asked.' }),
    { env: ['TOCSIN_INCIDENTS_EVERY'] },
  ),
  'incidents.public': setting(
    Type.Boolean({
      default: false,
      description:
        'Whether `GET /incidents` is answered to everybody, as the original did; else to operators.',
    }),
    { env: ['TOCSIN_INCIDENTS_PUBLIC'] },
  ),
  'incidents.retention': setting(
    duration({
      default: '365d',
      description: 'For so long an incident is kept after its feed listed it last.',
    }),
  ),
  'incidents.risk.low': weight('low', 1),
  'incidents.risk.medium': weight('medium', 3),
  'incidents.risk.high': weight('high', 10),
  'incidents.risk.critical': weight('critical', 30),
  'incidents.risk.halfLife': setting(
    duration({
      default: '30d',
      description: "After so long an incident's points are half, after twice as long a quarter.",
    }),
  ),
};

interface IncidentConfig {
  readonly incidents: {
    readonly url?: string;
    readonly user?: string;
    readonly password?: string;
    readonly every: string;
    readonly retention: string;
    readonly risk: { readonly halfLife: string };
  };
}

/** What does not fit together. */
export function incidentFaults({ incidents }: IncidentConfig): readonly Fault[] {
  const { url, user, password, every, retention, risk } = incidents;
  const faults: Fault[] = [];
  if (url === undefined && (user !== undefined || password !== undefined)) {
    const message = 'is missing: set TOCSIN_INCIDENTS_URL, or take the credentials away';
    faults.push({ path: 'incidents.url', message });
  }
  if (url !== undefined && !URL.canParse(url))
    faults.push({ path: 'incidents.url', message: 'cannot be read as a URL' });
  if ((user === undefined) !== (password === undefined)) {
    const [path, name] =
      user === undefined
        ? ['incidents.user', 'ELEVATE_API_USER']
        : ['incidents.password', 'ELEVATE_API_PASSWORD'];
    faults.push({ path, message: `is missing: set ${name} too` });
  }
  const everyMs = durationMs(every);
  if (everyMs < 100 || everyMs > 86_400_000)
    faults.push({ path: 'incidents.every', message: 'must be between 100 ms and 1d' });
  if (durationMs(retention) < 3_600_000)
    faults.push({ path: 'incidents.retention', message: 'must be at least 1h' });
  if (durationMs(risk.halfLife) < 60_000)
    faults.push({ path: 'incidents.risk.halfLife', message: 'must be at least 1m' });
  return faults;
}
