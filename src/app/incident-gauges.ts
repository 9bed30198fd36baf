import type { IncidentFeeds } from '../incidents/run/incident-feeds.ts';
import { type ListReport, listsOf } from '../incidents/report.ts';
import type { Meter } from '../kernel/meter.ts';

type Feeds = Pick<IncidentFeeds, 'reports' | 'publication' | 'leading'>;

const truth = (is: boolean): number => (is ? 1 : 0);

/** How the incident feeds stand, the same in every process that answers from them; nothing where none is configured. */
export function addIncidentGauges(meter: Meter, feeds: Feeds): void {
  if (feeds.publication() === undefined) return;
  aboutLists(meter, feeds);
  aboutIncidents(meter, feeds);
  aboutIdentities(meter, feeds);
  aboutTheDocument(meter, feeds);
  meter.gauge(
    {
      name: 'tocsin_feed_leading',
      help: 'Whether this process is the one that asks a feed; not told of feeds that are sent to.',
      labels: ['feed'],
    },
    (tell) => {
      for (const [feed, isLeading] of feeds.leading) tell(truth(isLeading), feed);
    },
  );
}

function aboutLists(meter: Meter, feeds: Feeds): void {
  meter.gauge(
    {
      name: 'tocsin_feed_list_last_success_timestamp_seconds',
      help: 'When a list of a feed was last had and read, new or unchanged, by feed and list (a type, or identities).',
      labels: ['feed', 'list'],
    },
    (tell) => {
      for (const report of feeds.reports) {
        for (const { name, lastSuccessAt } of listsOf(report)) {
          if (lastSuccessAt !== undefined) tell(lastSuccessAt / 1_000, report.id, name);
        }
      }
    },
  );
  meter.gauge(
    {
      name: 'tocsin_feed_list_stale',
      help: 'Whether the last good answer is too old by the staleAfter of its feed, or never came, by feed and list.',
      labels: ['feed', 'list'],
    },
    (tell) => {
      const stale = new Set(feeds.publication()?.stale);
      for (const report of feeds.reports) {
        // What is sent to us comes when it comes.
        if (report.kind === 'push') continue;
        for (const { name } of listsOf(report))
          tell(truth(stale.has(`${report.id}/${name}`)), report.id, name);
      }
    },
  );
}

function aboutIncidents(meter: Meter, feeds: Feeds): void {
  const gauge = (name: string, help: string, part: 'count' | 'unresolved' | 'invalid'): void =>
    meter.gauge({ name, help, labels: ['feed', 'type'] }, (tell) => {
      for (const { id, types } of feeds.reports) {
        for (const list of types) tell(list[part], id, list.name);
      }
    });
  gauge(
    'tocsin_incidents_listed',
    'Incidents that a feed lists now, the unresolved too, without the invalid.',
    'count',
  );
  gauge('tocsin_incidents_unresolved', 'Those of them without an employee.', 'unresolved');
  gauge('tocsin_incidents_invalid', 'Records that are no incidents, filed under nobody.', 'invalid');
}

function aboutIdentities(meter: Meter, feeds: Feeds): void {
  const gauge = (name: string, help: string, read: (list: ListReport) => number): void =>
    meter.gauge({ name, help, labels: ['feed'] }, (tell) => {
      for (const { id, identities } of feeds.reports)
        if (identities !== undefined) tell(read(identities), id);
    });
  gauge(
    'tocsin_feed_identities_known',
    'Addresses that incidents are attributed by: those that the feed names now, and those remembered.',
    // What a feed's report counts is what it names.
    ({ count, unresolved }) => count + unresolved,
  );
  gauge(
    'tocsin_feed_identities_forgotten',
    'Those of them that the feed does not name now.',
    ({ unresolved }) => unresolved,
  );
}

function aboutTheDocument(meter: Meter, feeds: Feeds): void {
  meter.gauge(
    {
      name: 'tocsin_incidents_document_bytes',
      help: 'The size of what GET /incidents answers, before it is compressed; not told while there is none.',
      labels: [],
    },
    (tell) => {
      const document = feeds.publication()?.document;
      if (document !== undefined) tell(document.plain.length);
    },
  );
}
