import { objectOf, textOf, textsOf } from '../fields.ts';
import { type Facts, webLink } from '../make-draft.ts';
import { type Alert, factsOf, firstLink, titleOf } from './alert.ts';
import type { AlertReading } from './settings.ts';

const VALUES_MAX = 20;
/** A cut URL leads nowhere: what does not fit in a label is left out. */
const URL_LABEL_LENGTH_MAX = 500;

/** An alert of Grafana: one of Prometheus, with links of Grafana's own, measured values, and rules that Grafana makes. */
export function grafanaFacts(alert: Alert, reading: AlertReading): Facts {
  const facts = factsOf(alert, reading, grafanaLabels(alert));
  const { panelURL, dashboardURL } = alert.item.record;
  return { ...facts, link: firstLink(panelURL, dashboardURL) ?? facts.link, ...madeByGrafana(alert) };
}

function grafanaLabels({ item, group, annotations }: Alert): Facts['labels'] {
  const { record } = item;
  return {
    values: valuesText(record['values']) ?? textOf(record['valueString']),
    error: annotations['Error'],
    silence_url: urlLabel(record['silenceURL']),
    dashboard_url: urlLabel(record['dashboardURL']),
    org_id: textOf(group['orgId']),
  };
}

/** `B=44.2, C=1`. */
function valuesText(values: unknown): string | undefined {
  const pairs = Object.entries(textsOf(objectOf(values), VALUES_MAX));
  return pairs.length === 0 ? undefined : pairs.map(([name, value]) => `${name}=${value}`).join(', ');
}

function urlLabel(value: unknown): string | undefined {
  const url = webLink(textOf(value));
  return url === undefined || url.length > URL_LABEL_LENGTH_MAX ? undefined : url;
}

/**
 * When a rule's data cannot be had Grafana tells so under a name of its own and with the rule's annotations, which
 * say what the rule is for and not what happened. A contact point's test never ends: it is no matter that is open.
 */
function madeByGrafana(alert: Alert): Partial<Facts> {
  const { labels, annotations } = alert;
  const rule = labels['rulename'] ?? 'a rule';
  const named = (text: string) => [titleOf(alert, [text])];
  if (labels['alertname'] === 'DatasourceNoData')
    return { type: 'alert.datasource_no_data', titles: named(`No data for ${rule}`) };
  if (labels['alertname'] === 'DatasourceError')
    return { type: 'alert.datasource_error', titles: named(`${rule} could not be evaluated`) };
  if (labels['alertname'] !== 'TestAlert' || labels['instance'] !== 'Grafana') return {};
  return {
    type: 'test',
    severity: 'informational',
    titles: [annotations['summary'], 'Test of a Grafana contact point'],
    state: undefined,
  };
}
