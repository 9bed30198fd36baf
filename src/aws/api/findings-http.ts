import { Type } from 'typebox';
import type { Clock } from '../../kernel/clock.ts';
import { errorText, type Logger } from '../../kernel/log.ts';
import { pageQuery } from '../../kernel/paging.ts';
import { toPeriod } from '../../kernel/period.ts';
import { Problem } from '../../kernel/problem.ts';
import { defineRoute, operator, Reply, type Route } from '../../kernel/route.ts';
import { instant, oneOf } from '../../kernel/schema.ts';
import { csvExport } from '../findings/export-csv.ts';
import { ocsfExport } from '../findings/export-ocsf.ts';
import { openExport } from '../findings/export.ts';
import type { FindingId } from '../findings/finding.ts';
import { type FindingMutes, WHY_LENGTH_MAX } from '../findings/mutes.ts';
import { CURSOR_PATTERN } from '../findings/narrow.ts';
import type { FindingCursor, FindingReader } from '../findings/port.ts';
import { findingQuery, toFilter } from './finding-query.ts';
import {
  type Checks,
  FINDING_ID_PATTERN,
  findingDetailWire,
  findingPageWire,
  toFindingDetail,
  toFindingWire,
} from './findings-wire.ts';

export interface FindingPartOptions {
  readonly reader: Pick<FindingReader, 'find' | 'getMany'>;
  readonly mutes: Pick<FindingMutes, 'mute' | 'unmute'>;
  readonly checks: Checks;
  /** Stands in exports; empty where none is configured. */
  readonly publicUrl: () => string;
  readonly clock: Clock;
  readonly log: Logger;
}

const read = { access: { kind: 'operator', scope: 'read' }, tag: 'AWS' } as const;
const operate = { access: { kind: 'operator', scope: 'operate' }, tag: 'AWS' } as const;
const idParams = Type.Object({ id: Type.String({ pattern: FINDING_ID_PATTERN }) });
const MISSING = 'There is no finding with this id.';

/** Findings one by one: listed, looked at, muted, written down. */
export const findingPartRoutes = (options: FindingPartOptions): Route[] => [
  listRoute(options),
  exportRoute(options),
  oneRoute(options),
  muteRoute(options),
  unmuteRoute(options),
];

const listRoute = ({ reader, checks, clock }: FindingPartOptions): Route =>
  defineRoute({
    ...read,
    method: 'GET',
    path: '/api/v1/findings',
    summary: 'Findings in AWS accounts, the most severe first, of those the newest; a page can come with few',
    query: Type.Object({ ...pageQuery(CURSOR_PATTERN), ...findingQuery }),
    reply: { status: 200, schema: findingPageWire },
    problems: ['store_unavailable'],
    async handle({ query: { limit, cursor, ...filter } }) {
      const wanted = toFilter(filter, [...checks.values()]);
      const { items, next } = await reader.find(wanted, limit, cursor as FindingCursor | undefined);
      const now = clock.now();
      return { items: items.map((finding) => toFindingWire(finding, checks, now)), nextCursor: next ?? null };
    },
  });

const oneRoute = ({ reader, checks, clock }: FindingPartOptions): Route =>
  defineRoute({
    ...read,
    method: 'GET',
    path: '/api/v1/findings/{id}',
    summary: 'One finding with its evidence, why it matters and how to mend it',
    params: idParams,
    missing: MISSING,
    reply: { status: 200, schema: findingDetailWire },
    problems: ['not_found', 'store_unavailable'],
    async handle({ params: { id } }) {
      const [finding] = await reader.getMany([id as FindingId]);
      if (finding === undefined) throw new Problem('not_found', MISSING);
      return toFindingDetail(finding, checks, clock.now());
    },
  });

const muteRoute = ({ mutes, checks, clock }: FindingPartOptions): Route =>
  defineRoute({
    ...operate,
    method: 'POST',
    path: '/api/v1/findings/{id}/mute',
    summary: 'Nobody is to be told of a finding, for good or until a time; the last one to say so counts',
    params: idParams,
    missing: MISSING,
    body: Type.Object(
      {
        until: Type.Optional(instant('Absent: until it is taken back.')),
        why: Type.String({ minLength: 1, maxLength: WHY_LENGTH_MAX }),
      },
      { additionalProperties: false },
    ),
    reply: { status: 200, schema: findingDetailWire },
    problems: ['not_found', 'store_unavailable'],
    async handle({ params: { id }, body: { until, why }, actor }) {
      const end = toPeriod({ until }).until;
      const finding = await mutes.mute(id as FindingId, { until: end, why }, operator(actor));
      return toFindingDetail(finding, checks, clock.now());
    },
  });

const unmuteRoute = ({ mutes, checks, clock }: FindingPartOptions): Route =>
  defineRoute({
    ...operate,
    method: 'POST',
    path: '/api/v1/findings/{id}/unmute',
    summary: 'Take a mute back: what becomes of the finding from now on is told',
    params: idParams,
    missing: MISSING,
    reply: { status: 200, schema: findingDetailWire },
    problems: ['not_found', 'store_unavailable'],
    async handle({ params: { id }, actor }) {
      const finding = await mutes.unmute(id as FindingId, operator(actor));
      return toFindingDetail(finding, checks, clock.now());
    },
  });

const exportRoute = ({ reader, checks, publicUrl, clock, log }: FindingPartOptions): Route =>
  defineRoute({
    ...read,
    method: 'GET',
    path: '/api/v1/findings/export',
    summary: 'All findings of a filter as one file; whole only if it ends in order',
    query: Type.Object({
      ...findingQuery,
      format: oneOf(['ocsf', 'csv'], {
        default: 'ocsf',
        description:
          'ocsf: a Compliance Finding of OCSF 1.5 a line. csv: RFC 4180; a cell that a spreadsheet would take for a formula begins with an apostrophe.',
      }),
    }),
    reply: {
      status: 200,
      mediaType: 'application/x-ndjson',
      otherMediaTypes: ['text/csv; charset=utf-8; header=present'],
    },
    problems: ['store_unavailable'],
    async handle({ query: { format: name, ...filter }, isGone }) {
      const format = name === 'csv' ? csvExport(checks) : ocsfExport(checks, publicUrl());
      const wanted = toFilter(filter, [...checks.values()]);
      const text = await openExport({ reader, filter: wanted, format, now: clock.now(), isGone });
      return new Reply(200, told(text, log), {
        'content-type': format.mediaType,
        'content-disposition': `attachment; filename="${format.fileName}"`,
      });
    },
  });

/**
 * What fails in the middle cuts the connection, so that nobody takes half for the whole. No answer can tell why any
 * more, and nobody behind this does: so it is logged here, and thrown on.
 */
async function* told(text: AsyncIterable<string>, log: Logger): AsyncGenerator<string> {
  try {
    yield* text;
  } catch (error) {
    log.error({ reason: errorText(error) }, 'an export of findings was cut');
    throw error;
  }
}
