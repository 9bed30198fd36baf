import { Type } from 'typebox';
import { defineRoute, type Route } from '../kernel/route.ts';
import { sourceKinds } from '../sources/kinds/index.ts';
import type { SourceKind } from '../sources/source.ts';
import { oneObjectRoutes } from './change-routes.ts';
import type { Members } from './members.ts';
import type { ObjectControl } from './object-control.ts';
import type { ConfiguredObjects, SourceObject } from './objects.ts';
import { type SourceWire, sourceWire, sourceWithSettingsWire, toSourceWire } from './wire.ts';

export interface ObjectsOptions {
  /** What is configured now. */
  readonly objects: () => ConfiguredObjects;
  readonly members: Members;
  readonly control: ObjectControl;
}

const tag = 'Sources';

/** The configured sources, and changes of those in the store. */
export const sourceObjectRoutes = ({ objects, members, control }: ObjectsOptions): Route[] => [
  defineRoute({
    method: 'GET',
    path: '/api/v1/sources',
    access: { kind: 'operator', scope: 'read' },
    tag,
    summary: 'Every source: its format, how it is proved, where it was configured',
    reply: { status: 200, schema: Type.Object({ items: Type.Array(sourceWire) }) },
    problems: [],
    handle: async () => ({ items: objects().sources.map(toWire) }),
  }),
  ...oneObjectRoutes({
    kind: 'source',
    tag,
    control,
    schema: sourceWithSettingsWire,
    async show(id, { scope }) {
      const source = objects().sources.find((one) => one.id === id);
      if (source === undefined) return undefined;
      const settings = scope === 'admin' ? members.settingsOf('source', source) : null;
      return { wire: { ...toWire(source), settings }, stored: source.stored };
    },
  }),
];

/** With the way of proving that its kind's own sender uses, where the config says nothing. */
function toWire(source: SourceObject): SourceWire {
  const kind = sourceKinds.find((one: SourceKind) => one.kind === source.kind) as SourceKind | undefined;
  return toSourceWire(source, source.verification.scheme ?? kind?.scheme);
}
