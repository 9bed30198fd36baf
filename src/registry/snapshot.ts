import type { Destination } from '../delivery/engine.ts';
import type { TocsinEvent } from '../events/event.ts';
import type { Matched } from '../events/store.ts';
import { durationMs } from '../kernel/duration.ts';
import { compileRules } from '../rules/compile.ts';
import type { RuleSet } from '../rules/rule.ts';
import { sourceKinds } from '../sources/kinds/index.ts';
import { openSource, type SourceContext } from '../sources/open-source.ts';
import type { Source, SourceKind } from '../sources/source.ts';
import { targetKinds } from '../targets/kinds/index.ts';
import { type OpenTarget, openTarget } from '../targets/open-target.ts';
import type { TargetContext, TargetKind } from '../targets/target.ts';
import { withAdmins } from './destinations.ts';
import type { ConfiguredObjects, SourceObject, TargetObject } from './objects.ts';

/** Everything configured, opened: what one moment of the service works with. */
export interface Snapshot {
  readonly sources: ReadonlyMap<string, Source>;
  readonly targets: ReadonlyMap<string, OpenTarget>;
  readonly rules: RuleSet;
  /** Where an event goes: each target once, whoever chose it. */
  destinations(event: TocsinEvent): {
    readonly matched: Matched;
    readonly destinations: readonly Destination[];
  };
  /** What each target was opened with, to know at the next load which are unchanged. */
  readonly opened: ReadonlyMap<string, string>;
}

export interface OpenContext {
  readonly source: Omit<SourceContext, 'id' | 'ownApplication'>;
  readonly target: Omit<TargetContext, 'id' | 'timeoutMs'>;
}

/** Opens what is configured. Targets that are as they were in `previous` are kept, connections and all. */
export function openSnapshot(
  objects: ConfiguredObjects,
  context: OpenContext,
  previous?: Snapshot,
): Snapshot {
  const targets = new Map<string, OpenTarget>();
  const opened = new Map<string, string>();
  for (const object of objects.targets) {
    const fingerprint = JSON.stringify(object);
    const kept =
      previous?.opened.get(object.id) === fingerprint ? previous.targets.get(object.id) : undefined;
    targets.set(object.id, kept ?? openOneTarget(object, context));
    opened.set(object.id, fingerprint);
  }
  const rules = compileRules(objects.rules, { defaultTargets: objects.defaultTargets });
  return {
    sources: new Map(objects.sources.map((object) => [object.id, openOneSource(object, objects, context)])),
    targets,
    rules,
    opened,
    destinations: (event) => destinationsOf(event, rules, objects.admins),
  };
}

function openOneTarget({ id, kind, settings, common }: TargetObject, context: OpenContext): OpenTarget {
  const found = targetKinds.find((one: TargetKind) => one.kind === kind) as TargetKind | undefined;
  if (found === undefined) throw new TypeError(`no target kind ${kind}`);
  const timeoutMs = durationMs(common.timeout);
  return openTarget(id, kind, common, found.open(settings, { ...context.target, id, timeoutMs }));
}

function openOneSource(object: SourceObject, objects: ConfiguredObjects, context: OpenContext): Source {
  const found = sourceKinds.find((one: SourceKind) => one.kind === object.kind) as SourceKind | undefined;
  if (found === undefined) throw new TypeError(`no source kind ${object.kind}`);
  return openSource(found, object.settings, object.verification, {
    ...context.source,
    id: object.id,
    ownApplication: objects.ownApplication,
  });
}

function destinationsOf(event: TocsinEvent, rules: RuleSet, admins: readonly string[]) {
  const { matched, targets } = withAdmins(rules.decide(event), event, admins);
  const isAlert = event.internalAlert !== undefined;
  return {
    matched,
    destinations: targets.map((target) => ({ target, internal: isAlert && admins.includes(target) })),
  };
}
