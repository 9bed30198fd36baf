import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import { readJson, type JsonItem } from '../read-json.ts';
import { ITEM_LIMITS } from '../read-items.ts';
import { readElements } from '../read-records.ts';

export type Alerts =
  | {
      readonly kind: 'alerts';
      /** What stands around the alerts: receiver, common labels, … */
      readonly group: JsonObject;
      /** None when the sender's group is empty: nothing is wrong, and nothing is told. */
      readonly alerts: readonly JsonItem[];
    }
  | { readonly kind: 'invalid'; readonly detail: string };

/** The body of an Alertmanager's webhook, version 4, which Grafana's has the shape of as well. */
export function readAlerts(body: Buffer): Alerts {
  const json = readJson(body, ITEM_LIMITS);
  if (json.kind === 'invalid') return json;
  const group = json.value;
  const alerts = isJsonObject(group) ? group['alerts'] : undefined;
  if (!isJsonObject(group) || !Array.isArray(alerts))
    return { kind: 'invalid', detail: 'the body must be a JSON object with an array "alerts"' };
  const items = readElements(json.text, alerts, ['alerts'], '"alerts"');
  return items.kind === 'invalid' ? items : { kind: 'alerts', group, alerts: items.items };
}
