import { readAlert } from '../alerts/alert.ts';
import { grafanaFacts } from '../alerts/grafana.ts';
import { readAlerts } from '../alerts/read-alerts.ts';
import { alertReading, alertSettings } from '../alerts/settings.ts';
import { makeDraft } from '../make-draft.ts';
import { defineSource } from '../source.ts';

/**
 * Grafana Alerting's webhook contact point: an event for each alert. Source:
 * grafana.com/docs/grafana/latest/alerting, webhook notifier.
 */
export const grafana = defineSource({
  kind: 'grafana',
  summary: 'Grafana Alerting: an event for each alert, from its beginning to its end.',
  scheme: 'bearer',
  settings: alertSettings,
  open(settings, { id }) {
    const reading = alertReading(settings);
    return {
      parse({ body }) {
        const read = readAlerts(body);
        if (read.kind === 'invalid') return read;
        const drafts = read.alerts.map((item) =>
          makeDraft(id, grafanaFacts(readAlert(item, read.group), reading)),
        );
        return { kind: 'notifications', drafts };
      },
    };
  },
});
