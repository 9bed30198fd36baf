import { Type } from 'typebox';
import { Problem } from './problem.ts';

const instantText = (description: string) =>
  Type.Optional(
    Type.String({
      pattern: String.raw`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$`,
      description: `${description} RFC 3339.`,
    }),
  );

/** A period by receipt or creation, for the query of a list. */
export const periodQuery = { since: instantText('From then on.'), until: instantText('Before then.') };

/** Unix ms of a period's ends. A date that no calendar has is a 400. */
export function toPeriod(period: { since?: string | undefined; until?: string | undefined }): {
  since?: number;
  until?: number;
} {
  return {
    ...(period.since === undefined ? {} : { since: toMs('since', period.since) }),
    ...(period.until === undefined ? {} : { until: toMs('until', period.until) }),
  };
}

function toMs(name: string, text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new Problem('bad_request', `"${name}" is no date that exists.`);
  return ms;
}
