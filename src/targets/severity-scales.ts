import type { Severity } from '../events/event.ts';

/** How our severities stand on the scales of others, each from its vendor's documentation. */
type Scale<Value> = Readonly<Record<Severity, Value>>;

/** Events API v2: critical, error, warning, info. */
export const pagerdutySeverity: Scale<string> = {
  unknown: 'info',
  informational: 'info',
  low: 'info',
  medium: 'warning',
  high: 'error',
  critical: 'critical',
};

/** P1 is the highest; P3 is what an alert without one gets. */
export const opsgeniePriority: Scale<string> = {
  unknown: 'P3',
  informational: 'P5',
  low: 'P4',
  medium: 'P3',
  high: 'P2',
  critical: 'P1',
};

/** 5 is the highest; 3 is the default. From 4 on phones ring longer, 1 and 2 make no sound. */
export const ntfyPriority: Scale<number> = {
  unknown: 3,
  informational: 2,
  low: 2,
  medium: 3,
  high: 4,
  critical: 5,
};

/** Of the bar beside a message: 24 bits of RGB. */
export const barColor: Scale<number> = {
  unknown: 0x80_80_80,
  informational: 0x3b_82_f6,
  low: 0x22_a5_59,
  medium: 0xea_b3_08,
  high: 0xf9_73_16,
  critical: 0xdc_26_26,
};
