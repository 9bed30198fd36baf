import { Type, type Static } from 'typebox';
import { severities, type Severity } from '../../events/event.ts';
import { oneOf } from '../../kernel/schema.ts';
import { severityReader, severityTable } from '../severity-table.ts';

/** Prometheus' alerts have no severity of their own: it is a label, by custom this one. */
export const alertSettings = Type.Object({
  severityLabel: Type.String({
    minLength: 1,
    maxLength: 60,
    default: 'severity',
    description: "The alert's label that says how severe it is.",
  }),
  severities: Type.Optional(severityTable),
  defaultSeverity: oneOf(severities, {
    default: 'unknown',
    description: 'Of an alert without that label, or with a word in it that means nothing here.',
  }),
});
type AlertSettings = Static<typeof alertSettings>;

/** The settings, ready to be asked for each alert. */
export interface AlertReading {
  readonly severityLabel: string;
  readonly defaultSeverity: Severity;
  readonly severityOf: (word: unknown) => Severity | undefined;
}

export const alertReading = (settings: AlertSettings): AlertReading => ({
  severityLabel: settings.severityLabel,
  defaultSeverity: settings.defaultSeverity,
  severityOf: severityReader(settings.severities),
});
