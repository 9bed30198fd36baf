import { Type } from 'typebox';
import { targetWire, type TargetWire } from '../delivery/targets-wire.ts';
import { eventSummaryWire } from '../events/wire.ts';
import { instant, nullable, oneOf, type Static, toInstantOrNull } from '../kernel/schema.ts';
import type { Preview } from '../targets/target.ts';
import type { ConfiguredObjects, RuleObject, SourceObject, TargetObject } from './objects.ts';
import type { ObjectBody } from './object-store.ts';
import { NONE, type RuleCount } from './rule-count.ts';
import type { Trial } from './target-trials.ts';

/** The body of a PUT: what may be in it is the config's to say, all faults at once. */
export const memberWire = Type.Record(Type.String(), Type.Unknown(), {
  description:
    'The member as it would stand in tocsin.yaml, without its id. Secrets are given as they are; `[secret]` keeps the one that is stored.',
});

const settings = (description: string) =>
  Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()], { description });
const ofAdmins = settings(
  'The member as it would stand in tocsin.yaml, complete with its defaults; secrets are `[secret]`. For admins alone, null for others.',
);
const updatedAt = nullable(instant('When it was last changed over the API; null for what is in the file.'));
const origin = oneOf(['file', 'store'], { description: '`store`: made over the API, and changed there.' });

export const sourceWire = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  origin,
  scheme: nullable(Type.String({ description: 'How its requests are proved genuine.' })),
  path: Type.String({ description: 'Where its sender sends to.' }),
  updatedAt,
});
export const sourceWithSettingsWire = Type.Object({ ...sourceWire.properties, settings: ofAdmins });
export type SourceWire = Static<typeof sourceWire>;

export const toSourceWire = (
  { id, kind, origin: from, stored }: SourceObject,
  scheme: string | undefined,
): SourceWire => ({
  id,
  kind,
  origin: from,
  scheme: scheme ?? null,
  path: `/api/v1/sources/${id}`,
  updatedAt: toInstantOrNull(stored?.updatedAt),
});

export const targetWithSettingsWire = Type.Object({
  ...targetWire.properties,
  updatedAt,
  settings: ofAdmins,
});
export type TargetWithSettings = Static<typeof targetWithSettingsWire>;

export const toTargetWithSettings = (
  target: TargetWire,
  { stored }: TargetObject,
  shown: ObjectBody | null,
): TargetWithSettings => ({
  ...target,
  updatedAt: toInstantOrNull(stored?.updatedAt),
  settings: shown === null ? null : { ...shown },
});

const matchesWire = Type.Object(
  { lastHour: Type.Integer(), lastDay: Type.Integer() },
  { description: 'Events that it took, to five minutes and a few seconds late.' },
);

export const ruleWire = Type.Object({
  id: Type.String(),
  origin,
  position: Type.Integer({ description: 'From 1, in the order in which the rules are asked.' }),
  settings: Type.Record(Type.String(), Type.Unknown(), {
    description: 'The rule as it would stand in tocsin.yaml.',
  }),
  matches: matchesWire,
  updatedAt,
});
export type RuleWire = Static<typeof ruleWire>;

/** All rules in the order in which they are asked, and what becomes of what none takes. */
export const rulesWire = Type.Object({
  items: Type.Array(ruleWire),
  default: Type.Object(
    { targets: Type.Array(Type.String()), matches: matchesWire },
    { description: 'Where events go that no rule takes.' },
  ),
});

export function toRuleWire(
  rule: RuleObject,
  index: number,
  shown: ObjectBody,
  counts: ReadonlyMap<string, RuleCount>,
): RuleWire {
  return {
    id: rule.id,
    origin: rule.origin,
    position: index + 1,
    settings: { ...shown },
    matches: { ...(counts.get(rule.id) ?? NONE) },
    updatedAt: toInstantOrNull(rule.stored?.updatedAt),
  };
}

export const toDefaultWire = (
  { defaultTargets }: ConfiguredObjects,
  counts: ReadonlyMap<string, RuleCount>,
): Static<typeof rulesWire>['default'] => ({
  targets: [...defaultTargets],
  matches: { ...(counts.get('default') ?? NONE) },
});

const TEXT_MAX = 65_536;

export const previewWire = Type.Object(
  {
    mediaType: Type.String(),
    text: Type.String({ description: `The first ${TEXT_MAX} characters, without the target's secrets.` }),
    isCut: Type.Boolean(),
    fault: nullable(Type.String({ description: 'Why nothing can be sent as it is configured.' })),
  },
  { description: 'What is sent.' },
);
export const previewedWire = Type.Object({
  preview: Type.Union([previewWire, Type.Null()], { description: 'Null of a kind that cannot tell.' }),
});

export const toPreviewWire = (preview: Preview | undefined): Static<typeof previewedWire>['preview'] =>
  preview === undefined
    ? null
    : {
        mediaType: preview.mediaType,
        text: preview.text.slice(0, TEXT_MAX).toWellFormed(),
        isCut: preview.text.length > TEXT_MAX,
        fault: preview.fault ?? null,
      };

/** What came of one attempt. */
export const trialWire = Type.Object({
  deliveryId: Type.String({ description: 'As the receiver saw it; it is in no list of deliveries.' }),
  event: Type.Object({
    id: Type.String({ description: 'Of this test alone: it is not stored.' }),
    title: Type.String(),
    severity: eventSummaryWire.properties.severity,
  }),
  outcome: oneOf(['delivered', 'retry', 'rejected'], {
    description: '`retry`: it failed and would be tried again; `rejected`: it never would.',
  }),
  reason: nullable(Type.String()),
  status: nullable(Type.Integer({ description: "The receiver's status code." })),
  answer: nullable(Type.String({ description: 'What the receiver said, trimmed, without secrets.' })),
  durationMs: Type.Integer(),
  preview: previewedWire.properties.preview,
});
export type TrialWire = Static<typeof trialWire>;

export function toTrialWire({ deliveryId, event, outcome, durationMs, preview }: Trial): TrialWire {
  const { id, title, severity } = event;
  return {
    deliveryId,
    event: { id, title, severity },
    outcome: outcome.kind,
    reason: outcome.kind === 'delivered' ? null : outcome.reason,
    status: outcome.status ?? null,
    answer: outcome.answer ?? null,
    durationMs,
    preview: toPreviewWire(preview),
  };
}
