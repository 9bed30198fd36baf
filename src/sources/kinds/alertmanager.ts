import { factsOf, readAlert } from '../alerts/alert.ts';
import { readAlerts } from '../alerts/read-alerts.ts';
import { alertReading, alertSettings } from '../alerts/settings.ts';
import { makeDraft } from '../make-draft.ts';
import { defineSource } from '../source.ts';

/**
 * Prometheus Alertmanager's webhooks, version 4: an event for each alert of the group. Source:
 * prometheus.io/docs/alerting/latest/configuration, webhook_config.
 */
export const alertmanager = defineSource({
  kind: 'alertmanager',
  summary: 'Prometheus Alertmanager: an event for each alert, from its beginning to its end.',
  scheme: 'bearer',
  settings: alertSettings,
  open(settings, { id }) {
    const reading = alertReading(settings);
    return {
      parse({ body }) {
        const read = readAlerts(body);
        if (read.kind === 'invalid') return read;
        const drafts = read.alerts.map((item) =>
          makeDraft(id, factsOf(readAlert(item, read.group), reading)),
        );
        return { kind: 'notifications', drafts };
      },
    };
  },
});
