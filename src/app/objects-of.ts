import type {
  ConfiguredObjects,
  ObjectKind,
  PluginObject,
  RuleObject,
  SourceObject,
  TargetObject,
} from '../registry/objects.ts';
import type { KeptObject } from '../registry/object-store.ts';
import { WEBHOOK_SOURCE } from '../sources/http.ts';
import {
  defaultVerification,
  type VerificationSettings,
  verificationSettings,
} from '../sources/schemes/settings.ts';
import { defaultTargetSettings, type TargetSettings, targetSettings } from '../targets/open-target.ts';
import { BUILT_IN_TARGET, type Config } from './settings.ts';
import { split } from './split-settings.ts';

/** Everything configured, from both origins: the file's first, then the store's. */
export function objectsOf(config: Config, stored: readonly KeptObject[]): ConfiguredObjects {
  return {
    sources: [...fileSources(config), ...ofKind(stored, 'source').map(toSource)],
    targets: [...fileTargets(config), ...ofKind(stored, 'target').map(toTarget)],
    rules: [
      ...config.rules.map((rule) => ({ ...rule, origin: 'file' as const })),
      ...ofKind(stored, 'rule').map(toRule),
    ],
    defaultTargets: config.default,
    admins: config.admins,
    ownApplication: config.application,
  };
}

/** The originals' environment makes a source of its own, unless the file declares it. */
function fileSources(config: Config): SourceObject[] {
  const declared = config.sources.map((member) => toSourceObject(member, 'file'));
  const { signatureKey, signatureKeyPrevious } = config;
  if (signatureKey === undefined || declared.some(({ id }) => id === WEBHOOK_SOURCE)) return declared;
  const verification = {
    ...defaultVerification,
    key: signatureKey,
    ...(signatureKeyPrevious === undefined ? {} : { previousKey: signatureKeyPrevious }),
  };
  return [...declared, { id: WEBHOOK_SOURCE, kind: 'sqreen', settings: {}, verification, origin: 'file' }];
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
  const { id, kind, ...rest } = member;
  const [common, settings] = split(rest, targetSettings);
  // Checked by the schema of all targets before it came here.
  return { id, kind, settings, common: common as TargetSettings, origin };
}

const ofKind = (stored: readonly KeptObject[], kind: ObjectKind): KeptObject[] =>
  stored.filter((object) => object.kind === kind);

/** Bodies were checked by the schema of their kind before they were sealed. */
function toSource({ id, body, tag, updatedAt }: KeptObject): SourceObject {
  const member: SourceMember = { ...defaultVerification, ...body, id, kind: String(body['kind']) };
  return { ...toSourceObject(member, 'store'), stored: { tag, updatedAt } };
}

type SourceMember = Config['sources'][number];

function toSourceObject(member: SourceMember, origin: PluginObject['origin']): SourceObject {
  const { id, kind, ...rest } = member;
  const [verification, settings] = split(rest, verificationSettings);
  // Checked by the schema of all sources before it came here.
  return { id, kind, settings, verification: verification as VerificationSettings, origin };
}

export function toTarget({ id, body, tag, updatedAt }: KeptObject): TargetObject {
  const member: TargetMember = { ...defaultTargetSettings, ...body, id, kind: String(body['kind']) };
  return { ...toTargetObject(member, 'store'), stored: { tag, updatedAt } };
}

const toRule = ({ id, body, tag, updatedAt }: KeptObject): RuleObject => ({
  targets: [],
  ...body,
  id,
  origin: 'store',
  stored: { tag, updatedAt },
});
