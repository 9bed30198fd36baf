import type { LoadedConfig } from '../config/load-config.ts';
import { checkMember } from '../config/check-member.ts';
import { joinPath } from '../config/path.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Fault } from '../kernel/fault.ts';
import type { Route } from '../kernel/route.ts';
import { ObjectControl } from '../registry/object-control.ts';
import { ruleObjectRoutes } from '../registry/rules-http.ts';
import { sourceObjectRoutes } from '../registry/sources-http.ts';
import { TargetTrials } from '../registry/target-trials.ts';
import { targetObjectRoutes } from '../registry/targets-http.ts';
import { showTarget } from '../delivery/targets-http.ts';
import { checkRules } from '../rules/check.ts';
import { type ReadRules, rulesRoutes } from '../rules/http.ts';
import { objectsOf, toTarget } from './objects-of.ts';
import type { Services } from './services.ts';
import { type Config, definition } from './settings.ts';
import { configuredFaults } from './stored-faults.ts';
import { storedMembers } from './stored-members.ts';

export interface ObjectRoutesParts {
  readonly services: Services;
  readonly clock: Clock;
  /** The file as it was read last. */
  readonly loaded: () => LoadedConfig<Config>;
  /** Takes up what is stored; whether this process could. */
  readonly follow: () => Promise<boolean>;
}

/** Sources, targets and rules: what is configured, from both origins; changes of those in the store; ways to try them. */
export function objectRoutes({ services, clock, loaded, follow }: ObjectRoutesParts): Route[] {
  const { registry, objects, journal, events, ruleTallies } = services;
  const members = storedMembers(loaded);
  const control = new ObjectControl({
    objects,
    journal,
    clock,
    members,
    compose: (stored) => objectsOf(loaded().config, stored),
    faultsOf: (configured) => configuredFaults(loaded().config, configured),
    follow,
  });
  const shared = { objects: () => registry.now.objects, members, control };
  const targets = () => registry.now.configuredTargets;
  return [
    ...sourceObjectRoutes(shared),
    ...targetObjectRoutes({
      ...shared,
      registry,
      trials: new TargetTrials({ events, journal, clock }),
      report: (id) => showTarget({ targets, reports: services.reports }, id),
      stored: () => objects.list(),
      toObject: (id, body) => toTarget({ kind: 'target', id, body, position: 0, tag: '', updatedAt: 0 }),
    }),
    ...ruleObjectRoutes({ ...shared, events, ruleTallies }),
    ...rulesRoutes({
      rules: () => registry.now.rules,
      defaultTargets: () => registry.now.objects.defaultTargets,
      read: (given) => readRules(given, [...registry.now.targets.keys()]),
      recent: (limit, after) => events.list({}, limit, after),
    }),
  ];
}

/** Rules to try: held against what they would be held against in the config. */
function readRules(given: Parameters<ReadRules>[0], targetIds: readonly string[]): ReturnType<ReadRules> {
  const list = definition.lists.rules;
  const faults: Fault[] = given.flatMap((rule, index) =>
    checkMember(list, rule).map((fault) => ({ ...fault, path: joinPath(`rules[${index}]`, fault.path) })),
  );
  if (faults.length > 0) return { ok: false, faults };
  // Each of them has fitted its schema.
  const rules = given as unknown as Config['rules'];
  const between = checkRules(rules, { targetIds });
  return between.length > 0 ? { ok: false, faults: between } : { ok: true, rules };
}
