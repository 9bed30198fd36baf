import { type Facts, identityOf } from '../make-draft.ts';
import type { JsonItem } from '../read-json.ts';
import { plainText } from './place.ts';
import {
  fieldReader,
  labelsReader,
  linkReader,
  nameReader,
  observablesReader,
  severityFieldReader,
  stateReader,
  subjectReader,
  timeReader,
} from './read-fields.ts';
import { compilePlace } from './place.ts';
import { endpointsReader } from './read-endpoints.ts';
import type { JsonSettings } from './settings.ts';
import { USUAL } from './usual.ts';

export type ReadFacts = (item: JsonItem, messageId: string | undefined, index: number) => Facts;

/** The mapping of the config, made ready once: what a record says by it. */
export function compileMapping(settings: JsonSettings): ReadFacts {
  const { map = {} } = settings;
  const typeOf = fieldReader(map.type, USUAL.type, plainText);
  const titlesOf = compilePlace(map.title, USUAL.title);
  const severityOf = severityFieldReader(settings);
  const timeOf = timeReader(map.occurredAt);
  const subjectOf = subjectReader(map.subject);
  const labelsOf = labelsReader(map.labels);
  const observablesOf = observablesReader(map.observables);
  const endpointsOf = endpointsReader(map.endpoints);
  const linkOf = linkReader(map.link);
  const idOf = nameReader(map.id);
  const matterOf = nameReader(map.matter);
  const stateOf = stateReader(settings);
  return ({ record, text }, messageId, index) => {
    const id = idOf(record);
    const matter = matterOf(record);
    return {
      type: typeOf(record) ?? '',
      severity: severityOf(record) ?? 'unknown',
      titles: titlesOf(record).map(plainText),
      occurredAt: timeOf(record),
      subject: subjectOf(record),
      labels: labelsOf(record),
      observables: observablesOf(record),
      endpoints: endpointsOf(record),
      link: linkOf(record),
      identity: id === undefined ? identityOf(messageId, text, index) : ['id', id],
      matter: matter === undefined ? undefined : [matter],
      // Without a matter there is nothing that could be open.
      state: matter === undefined ? undefined : stateOf(record),
      payload: text,
    };
  };
}
