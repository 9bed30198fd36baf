import { Default } from 'typebox/value';
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
import { readTls } from '../targets/transport.ts';
import { withAdmins } from './destinations.ts';
import type { ConfiguredObjects, ObjectOrigin, PluginObject, SourceObject, TargetObject } from './objects.ts';
import { type Egress, openTransport, unreachable } from './target-transport.ts';

/** Everything configured, opened: what one moment of the service works with. */
export interface Snapshot {
  /** What was opened. */
  readonly objects: ConfiguredObjects;
  readonly sources: ReadonlyMap<string, Source>;
  readonly targets: ReadonlyMap<string, OpenTarget>;
  /** The same in the order of the config, each with where it was configured. */
  readonly configuredTargets: readonly { readonly target: OpenTarget; readonly origin: ObjectOrigin }[];
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
  readonly target: Omit<TargetContext, 'id' | 'timeoutMs' | 'concurrency' | 'dial' | 'tls'>;
  readonly egress: Egress;
}

/** Opens what is configured. Targets that are as they were in `previous` are kept, connections and all. */
export function openSnapshot(
  objects: ConfiguredObjects,
  context: OpenContext,
  previous?: Snapshot,
): Snapshot {
  const targets = new Map<string, OpenTarget>();
  const configuredTargets: Snapshot['configuredTargets'][number][] = [];
  const opened = new Map<string, string>();
  for (const object of objects.targets) {
    // With the files as they are now: a renewed certificate makes it another target.
    const files = object.origin === 'file' ? readTls(object.common) : undefined;
    const fingerprint = JSON.stringify([object, files]);
    const kept =
      previous?.opened.get(object.id) === fingerprint ? previous.targets.get(object.id) : undefined;
    const target = kept ?? openTargetObject(object, context);
    targets.set(object.id, target);
    configuredTargets.push({ target, origin: object.origin });
    opened.set(object.id, fingerprint);
  }
  const rules = compileRules(objects.rules, { defaultTargets: objects.defaultTargets });
  return {
    objects,
    sources: new Map(objects.sources.map((object) => [object.id, openOneSource(object, objects, context)])),
    targets,
    configuredTargets,
    rules,
    opened,
    destinations: (event) => destinationsOf(event, rules, objects.admins),
  };
}

/** One target by itself; whoever opened it retires it. */
export function openTargetObject(object: TargetObject, context: OpenContext): OpenTarget {
  const { id, kind, settings, common } = object;
  const found = targetKinds.find((one: TargetKind) => one.kind === kind) as TargetKind | undefined;
  if (found === undefined) throw new TypeError(`no target kind ${kind}`);
  const opened = openTransport(found, object, context.target.http, context.egress);
  if (!opened.ok) return openTarget(id, kind, common, unreachable(opened.fault, object.origin));
  const { close, ...transport } = opened.transport;
  const { timeout, concurrency } = common;
  const timeoutMs = durationMs(timeout);
  const complete = withDefaults(found, settings);
  const target = found.open(complete, { ...context.target, ...transport, id, timeoutMs, concurrency });
  return openTarget(id, kind, common, {
    send: (job, signal) => target.send(job, signal),
    ...(target.preview ? { preview: target.preview.bind(target) } : {}),
    close: () => target.close().finally(close),
  });
}

/** What is built in, or was stored by an earlier version, may lack settings that have a default since. */
function withDefaults(
  kind: Pick<TargetKind | SourceKind, 'settings'>,
  settings: PluginObject['settings'],
): PluginObject['settings'] {
  // Completing an object gives an object; its form was checked when it was configured.
  return Default(kind.settings, structuredClone(settings)) as PluginObject['settings'];
}

function openOneSource(object: SourceObject, objects: ConfiguredObjects, context: OpenContext): Source {
  const found = sourceKinds.find((one: SourceKind) => one.kind === object.kind) as SourceKind | undefined;
  if (found === undefined) throw new TypeError(`no source kind ${object.kind}`);
  return openSource(found, withDefaults(found, object.settings), object.verification, {
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
