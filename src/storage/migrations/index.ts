import type { Migration } from '../migrate.ts';
import { foundation } from './0001-foundation.ts';
import { matterStates } from './0002-matters.ts';
import { targetStates } from './0003-target-states.ts';
import { eventNotes } from './0004-notes.ts';
import { search } from './0005-search.ts';
import { shortLivedValues } from './0006-short-lived-values.ts';
import { tokenLives } from './0007-tokens.ts';
import { ruleCounts } from './0008-rule-counts.ts';
import { messages } from './0009-messages.ts';
import { eventGeo } from './0010-event-geo.ts';
import { incidents } from './0011-incidents.ts';
import { aws } from './0012-aws.ts';

/** In order. A released migration never changes: its checksum is in every database that ran it. */
export const migrations: readonly Migration[] = [
  foundation,
  matterStates,
  targetStates,
  eventNotes,
  search,
  shortLivedValues,
  tokenLives,
  ruleCounts,
  messages,
  eventGeo,
  incidents,
  aws,
];
