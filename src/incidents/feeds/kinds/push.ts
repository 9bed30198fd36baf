import { Type } from 'typebox';
import { durationMs } from '../../../kernel/duration.ts';
import { duration } from '../../../kernel/schema.ts';
import { type OwnProof, schemeFaults } from '../../../sources/open-source.ts';
import { verificationSettings } from '../../../sources/schemes/settings.ts';
import { defineFeed, staleAfter } from '../feed-kind.ts';
import { typeField } from '../settings.ts';

/** Unless the config says another way: what has a library in every language. */
export const pushProof: OwnProof = { scheme: 'standard' };

export const push = defineFeed({
  kind: 'push',
  summary: 'Incidents that are sent to `POST /api/v1/incidents/feeds/{id}`, signed as those of a source are.',
  settings: Type.Object({
    ...verificationSettings.properties,
    typeField,
    listedFor: duration({
      default: '30d',
      description: 'For so long after it came an incident counts as listed: it is in `GET /incidents`.',
    }),
    listedMax: Type.Integer({
      minimum: 1,
      maximum: 2_000_000,
      default: 500_000,
      description:
        'Incidents listed at once, each some hundred bytes of memory; a push beyond that answers 507.',
    }),
  }),
  check: (settings) => schemeFaults(pushProof, settings),
  open: (settings, context) => ({
    ...context.common,
    kind: 'push',
    // Nobody asks it: it is as old as what was sent last.
    staleAfterMs: staleAfter(context, 0),
    typeField: settings.typeField,
    listedForMs: durationMs(settings.listedFor),
    listedMax: settings.listedMax,
  }),
});
