import type { ConfiguredObjects, ObjectKind, PluginObject, TargetObject } from '../registry/objects.ts';
import type { StoredObject } from '../registry/object-store.ts';
import type { RuleSettings } from '../rules/schema.ts';
import { WEBHOOK_SOURCE } from '../sources/http.ts';
import { defaultTargetSettings, type TargetSettings } from '../targets/open-target.ts';
import { BUILT_IN_TARGET, type Config } from './settings.ts';

/** Everything configured, from both origins: the file's first, then the store's. */
export function objectsOf(config: Config, stored: readonly StoredObject[]): ConfiguredObjects {
  return {
    sources: [...fileSources(config), ...ofKind(stored, 'source').map(toPlugin)],
    targets: [...fileTargets(config), ...ofKind(stored, 'target').map(toTarget)],
    rules: [...config.rules, ...ofKind(stored, 'rule').map(toRule)],
    defaultTargets: config.default,
    admins: config.admins,
    ownApplication: config.application,
  };
}

/** The originals' environment makes a source of its own, unless the file declares it. */
function fileSources(config: Config): PluginObject[] {
  const declared = config.sources.map(({ id, kind, ...settings }) => ({
    id,
    kind,
    settings,
    origin: 'file' as const,
  }));
  const { signatureKey, signatureKeyPrevious } = config;
  if (signatureKey === undefined || declared.some(({ id }) => id === WEBHOOK_SOURCE)) return declared;
  const settings = {
    key: signatureKey,
    ...(signatureKeyPrevious === undefined ? {} : { previousKey: signatureKeyPrevious }),
  };
  return [...declared, { id: WEBHOOK_SOURCE, kind: 'sqreen', settings, origin: 'file' }];
}

function fileTargets(config: Config): TargetObject[] {
  const declared = config.targets.map((member) => toTargetObject(member, 'file'));
  if (declared.some(({ id }) => id === BUILT_IN_TARGET)) return declared;
  return [
    ...declared,
    { id: BUILT_IN_TARGET, kind: 'log', settings: {}, common: { ...defaultTargetSettings }, origin: 'file' },
  ];
}

type TargetMember = Config['targets'][number];

function toTargetObject(member: TargetMember, origin: PluginObject['origin']): TargetObject {
  const { id, kind, concurrency, timeout, retryAttempts, retryFirstDelay, retryMaxDelay, ...settings } =
    member;
  const common: TargetSettings = { concurrency, timeout, retryAttempts, retryFirstDelay, retryMaxDelay };
  return { id, kind, settings, common, origin };
}

const ofKind = (stored: readonly StoredObject[], kind: ObjectKind): StoredObject[] =>
  stored.filter((object) => object.kind === kind);

/** Bodies were checked by the schema of their kind before they were sealed. */
function toPlugin({ id, body }: StoredObject): PluginObject {
  const { kind, ...settings } = body;
  return { id, kind: String(kind), settings, origin: 'store' };
}

function toTarget({ id, body }: StoredObject): TargetObject {
  const member: TargetMember = { ...defaultTargetSettings, ...body, id, kind: String(body['kind']) };
  return toTargetObject(member, 'store');
}

const toRule = ({ id, body }: StoredObject): RuleSettings => ({ targets: [], ...body, id });
