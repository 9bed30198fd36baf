import { Type } from 'typebox';
import { errorText, type Logger } from '../../kernel/log.ts';
import { defineRoute, Reply, type Route } from '../../kernel/route.ts';
import { oneOf } from '../../kernel/schema.ts';
import { exportFormats, openExport } from './export.ts';
import { filterQuery, toFilter } from './filter-query.ts';
import type { IncidentFinder } from './find-page.ts';

export const exportRoute = ({ reader, log }: { reader: IncidentFinder; log: Logger }): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/incidents/export',
    access: { kind: 'operator', scope: 'read' },
    tag: 'Incidents',
    summary: 'All incidents of a filter as one file, newest first; whole only if it ends in order',
    query: Type.Object({
      ...filterQuery,
      format: oneOf(['ndjson', 'csv'], {
        default: 'ndjson',
        description:
          'ndjson: an object a line, with the record as it came. csv: RFC 4180; a cell that a spreadsheet would take for a formula begins with an apostrophe.',
      }),
    }),
    reply: {
      status: 200,
      mediaType: exportFormats.ndjson.mediaType,
      otherMediaTypes: [exportFormats.csv.mediaType],
    },
    problems: ['store_unavailable'],
    async handle({ query: { format: name, ...filter }, isGone }) {
      const format = exportFormats[name];
      const text = await openExport({ reader, filter: toFilter(filter), format, isGone });
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
    log.error({ reason: errorText(error) }, 'an export of incidents was cut');
    throw error;
  }
}
