import { Type } from 'typebox';
import type { TargetWire } from '../delivery/targets-wire.ts';
import { severities } from '../events/event.ts';
import { EVENT_ID_PATTERN, type EventId } from '../kernel/ids.ts';
import { defineRoute, operator, type Route } from '../kernel/route.ts';
import { idText, oneOf } from '../kernel/schema.ts';
import type { OpenTarget } from '../targets/open-target.ts';
import { oneObjectRoutes } from './change-routes.ts';
import { faulty, notFound } from './object-control.ts';
import type { KeptObject, ObjectBody } from './object-store.ts';
import type { TargetObject } from './objects.ts';
import type { Registry } from './registry.ts';
import type { ObjectsOptions } from './sources-http.ts';
import type { EventChoice, TargetTrials } from './target-trials.ts';
import {
  memberWire,
  previewedWire,
  targetWithSettingsWire,
  toPreviewWire,
  toTargetWithSettings,
  toTrialWire,
  trialWire,
} from './wire.ts';

export interface TargetObjectsOptions extends ObjectsOptions {
  readonly registry: Registry;
  readonly trials: TargetTrials;
  /** How a configured target stands and did. */
  readonly report: (id: string) => Promise<TargetWire>;
  /** The objects of the store. */
  readonly stored: () => Promise<readonly KeptObject[]>;
  /** A member that was checked as a target of the store. */
  readonly toObject: (id: string, body: ObjectBody) => TargetObject;
}

const tag = 'Targets';
const params = Type.Object({ id: idText('The id of the target.') });
const BODY_BYTES_MAX = 131_072;

const choice = {
  event: Type.Optional(
    Type.String({ pattern: EVENT_ID_PATTERN, description: 'A stored event. Absent: an example.' }),
  ),
  severity: Type.Optional(oneOf(severities, { description: 'Of the example. Absent: informational.' })),
};
const choiceBody = Type.Object(choice, { additionalProperties: false });
const unsavedBody = Type.Object(
  {
    ...choice,
    id: Type.Optional(
      idText('What it will be called; of a target that is stored, its secrets are kept for `[secret]`.'),
    ),
    target: memberWire,
  },
  { additionalProperties: false },
);

/** One target with its settings, its changes, and ways to try it. */
export const targetObjectRoutes = (options: TargetObjectsOptions): Route[] => [
  ...objectRoutes(options),
  ...savedRoutes(options),
  ...unsavedRoutes(options),
];

const objectRoutes = ({ objects, members, control, report }: TargetObjectsOptions): Route[] =>
  oneObjectRoutes({
    kind: 'target',
    tag,
    control,
    schema: targetWithSettingsWire,
    async show(id, { scope }) {
      const target = objects().targets.find((one) => one.id === id);
      if (target === undefined) return undefined;
      const settings = scope === 'admin' ? members.settingsOf('target', target) : null;
      return { wire: toTargetWithSettings(await report(id), target, settings), stored: target.stored };
    },
  });

/** Ways to try a target as it is configured. */
const savedRoutes = ({ registry, trials }: TargetObjectsOptions): Route[] => [
  defineRoute({
    method: 'POST',
    path: '/api/v1/targets/{id}/preview',
    access: { kind: 'operator', scope: 'read' },
    tag,
    summary: 'What it would send for an event; nothing is sent',
    params,
    body: choiceBody,
    reply: { status: 200, schema: previewedWire },
    problems: ['not_found', 'store_unavailable'],
    async handle({ params: { id }, body }) {
      return { preview: toPreviewWire(await trials.preview(targetOf(registry, id), toChoice(body))) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/targets/{id}/test',
    access: { kind: 'operator', scope: 'operate' },
    tag,
    summary: 'Send it one event that says that it is a test, and answer with what came of it',
    params,
    body: choiceBody,
    reply: { status: 200, schema: trialWire },
    problems: ['not_found', 'too_many_requests', 'store_unavailable'],
    handle: async ({ params: { id }, body, actor }) =>
      toTrialWire(await trials.send(targetOf(registry, id), toChoice(body), operator(actor))),
  }),
];

/** The same of a target that is not saved yet: checked and guarded as if it were. */
function unsavedRoutes(options: TargetObjectsOptions): Route[] {
  const shared = {
    method: 'POST',
    access: { kind: 'operator', scope: 'admin' },
    tag,
    body: unsavedBody,
    bodyBytesMax: BODY_BYTES_MAX,
  } as const;
  const { trials } = options;
  return [
    defineRoute({
      ...shared,
      path: '/api/v1/targets/preview',
      summary: 'What a target would send for an event if it were saved; nothing is saved or sent',
      reply: { status: 200, schema: previewedWire },
      problems: ['not_found', 'config_faulty', 'store_unavailable'],
      handle: ({ body }) =>
        withUnsaved(options, body, async (target) => ({
          preview: toPreviewWire(await trials.preview(target, toChoice(body))),
        })),
    }),
    defineRoute({
      ...shared,
      path: '/api/v1/targets/test',
      summary: 'Send one event to a target that is not saved, and answer with what came of it',
      reply: { status: 200, schema: trialWire },
      problems: ['not_found', 'config_faulty', 'too_many_requests', 'store_unavailable'],
      handle: ({ body, actor }) =>
        withUnsaved(options, body, async (target) =>
          toTrialWire(await trials.send(target, toChoice(body), operator(actor))),
        ),
    }),
  ];
}

/** What an unsaved target is called that nobody named. */
const UNNAMED = 'unsaved';

async function withUnsaved<T>(
  { members, registry, stored, toObject }: TargetObjectsOptions,
  { id, target: given }: { readonly id?: string; readonly target: ObjectBody },
  work: (target: OpenTarget) => Promise<T>,
): Promise<T> {
  const before = (await stored()).find((one) => one.kind === 'target' && one.id === id);
  const read = members.read('target', id ?? UNNAMED, given, before?.body);
  if (!read.ok) throw faulty(read.faults.map((fault) => ({ ...fault, path: inTarget(fault.path) })));
  const target = registry.open(toObject(id ?? UNNAMED, read.body));
  try {
    return await work(target);
  } finally {
    // Not waited for: what does not heed its time-out would hold the answer.
    void target.retire();
  }
}

const inTarget = (path: string): string => (path === '' ? 'target' : `target.${path}`);

function targetOf(registry: Registry, id: string): OpenTarget {
  const found = registry.now.targets.get(id);
  if (found === undefined) throw notFound('target');
  return found;
}

const toChoice = ({
  event,
  severity,
}: {
  readonly event?: string;
  readonly severity?: EventChoice['severity'];
}): EventChoice => ({
  // The schema has checked its form.
  ...(event === undefined ? {} : { event: event as EventId }),
  ...(severity === undefined ? {} : { severity }),
});
