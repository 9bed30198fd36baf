import type { RuleSettings } from '../rules/schema.ts';
import type { VerificationSettings } from '../sources/schemes/settings.ts';
import type { OwnApplication } from '../sources/source.ts';
import type { TargetSettings } from '../targets/open-target.ts';

/** `file`: from the config, read-only. `store`: made over the API. */
export type ObjectOrigin = 'file' | 'store';
export const objectKinds = ['source', 'target', 'rule'] as const;
export type ObjectKind = (typeof objectKinds)[number];

/** Of an object in the store. */
export interface StoredState {
  /** Names this state of it: another after every change. Tells nothing of what is in it. */
  readonly tag: string;
  /** Unix ms. */
  readonly updatedAt: number;
}

/** What all objects have. */
interface Configured {
  readonly origin: ObjectOrigin;
  /** Undefined of the file's. */
  readonly stored?: StoredState;
}

/** A source or a target as configured: `settings` are its kind's, checked against the kind's schema. */
export interface PluginObject extends Configured {
  readonly id: string;
  readonly kind: string;
  readonly settings: Readonly<Record<string, unknown>>;
}
export interface SourceObject extends PluginObject {
  readonly verification: VerificationSettings;
}
export interface TargetObject extends PluginObject {
  readonly common: TargetSettings;
}
export interface RuleObject extends RuleSettings, Configured {}
export type AnyObject = SourceObject | TargetObject | RuleObject;

/** Everything that decides what is taken in and where it goes. */
export interface ConfiguredObjects {
  readonly sources: readonly SourceObject[];
  readonly targets: readonly TargetObject[];
  /** The file's first, in its order. */
  readonly rules: readonly RuleObject[];
  /** Where events go that no rule takes. */
  readonly defaultTargets: readonly string[];
  /** The targets of internal alerts. */
  readonly admins: readonly string[];
  readonly ownApplication: OwnApplication;
}
