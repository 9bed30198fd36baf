import { Type } from 'typebox';
import { severities, type Severity } from '../events/event.ts';
import { oneOf } from '../kernel/schema.ts';
import { severityOfWord } from './severity-words.ts';

/** The setting `severities`: a sender's own words, which go before the known ones. */
export const severityTable = Type.Record(Type.String({ minLength: 1, maxLength: 60 }), oneOf(severities), {
  maxProperties: 100,
  description:
    "What the sender's own words mean, before the words that are known anyway: `{P1: critical}`. Case does not count.",
  examples: [{ P1: 'critical' }],
});

/** Looks a word up: in the table of the config, then among the known ones; undefined when it is in neither. */
export function severityReader(
  table: Readonly<Record<string, Severity>> = {},
): (word: unknown) => Severity | undefined {
  const own = new Map(Object.entries(table).map(([word, severity]) => [word.trim().toLowerCase(), severity]));
  return (word) => {
    if (typeof word !== 'string' || word.length > 60) return undefined;
    return own.get(word.trim().toLowerCase()) ?? severityOfWord(word);
  };
}
