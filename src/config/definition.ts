import { Type, type Static, type TObject, type TSchema } from 'typebox';
import { Check } from 'typebox/value';
import type { Fault } from '../kernel/fault.ts';
import { checkDefinition } from './check-definition.ts';
import { schemaOf } from './schema-of.ts';

/** One setting: its schema and the places, beside the file, where it can be set. */
export interface Setting<Schema extends TSchema = TSchema> {
  /**
   * With a `description`. With a `default`, or `Type.Optional`, or else the setting must be given.
   * `secret: true` makes it a secret.
   */
  readonly schema: Schema;
  /** Environment variables, the first one first. A secret's also work as `<NAME>_FILE`. */
  readonly env: readonly string[];
  /** `data-dir` for `--data-dir`. Not for secrets: a command line is no secret. */
  readonly flag: string | undefined;
  /** A secret whose variable is empty counts as not given. Without this it is a fault. */
  readonly emptyIsUnset: boolean;
}

export type Settings = Readonly<Record<string, Setting>>;

/** What the loader needs of a target kind or a source kind. */
export interface PluginKind {
  readonly kind: string;
  readonly summary: string;
  readonly settings: TObject;
  check?(settings: Readonly<Record<string, unknown>>): readonly Fault[];
}

/** Faults between a member's kind and what all kinds have in common; asked when both fit their schemas. */
export type MemberCheck = (kind: string, member: Readonly<Record<string, unknown>>) => readonly Fault[];

/** A list of the file whose members are `{id, kind, …}`, each with the settings of its kind. */
export interface PluginList<Common extends TObject = TObject> {
  readonly type: 'plugins';
  readonly description: string;
  readonly kinds: readonly PluginKind[];
  /** What every member has beside `id`, `kind` and the settings of its kind. */
  readonly common: Common;
  readonly default: readonly unknown[];
  readonly checkMember?: MemberCheck;
  readonly check?: undefined;
}

/** A list of the file whose members are all alike: `{id, …}`. */
export interface ItemList<Item extends TObject = TObject> {
  readonly type: 'items';
  readonly description: string;
  /** Beside `id`. */
  readonly item: Item;
  readonly default: readonly unknown[];
  check?(members: readonly Static<Item>[], idsOf: (list: string) => readonly string[]): readonly Fault[];
}

export type Lists = Readonly<Record<string, PluginList | ItemList>>;

type Head<Key> = Key extends `${infer First}.${string}` ? First : Key;
type Below<S extends Settings, First extends string> = {
  readonly [Key in keyof S as Key extends `${First}.${infer Rest}` ? Rest : never]: S[Key];
};
type Tree<S extends Settings> = TObject<{
  [First in Head<keyof S & string>]: First extends keyof S ? S[First]['schema'] : Tree<Below<S, First>>;
}>;
type MemberOf<List> =
  List extends PluginList<infer Common>
    ? { id: string; kind: string } & Static<Common> & Record<string, unknown>
    : List extends ItemList<infer Item>
      ? { id: string } & Static<Item>
      : never;

/** The loaded config: sections nested as the dotted paths say, lists at the top. */
export type ConfigOf<S extends Settings, L extends Lists> = Static<Tree<S>> & {
  [Name in keyof L]: MemberOf<L[Name]>[];
};

/** Everything that the config of a program may hold. */
export interface AnyDefinition {
  /** `tocsin`: the file is `tocsin.yaml`, or what `TOCSIN_CONFIG` or `--config` names. */
  readonly name: string;
  readonly settings: Settings;
  readonly lists: Lists;
  /** Variables that start as the program's own do and are read elsewhere. */
  readonly otherEnv: readonly string[];
  /** Variables that are taken and not used, and what to say of each. */
  readonly unusedEnv: Readonly<Record<string, string>>;
  /** The file: like the config, but no setting has to be in it. */
  readonly fileSchema: TObject;
  readonly configSchema: TObject;
}

export interface Definition<S extends Settings = Settings, L extends Lists = Lists> extends AnyDefinition {
  readonly settings: S;
  readonly lists: L;
  readonly check: (config: ConfigOf<S, L>, idsOf: (list: string) => readonly string[]) => readonly Fault[];
  readonly holds: (value: unknown) => value is ConfigOf<S, L>;
}

export interface DefinitionParts<S extends Settings, L extends Lists> {
  readonly name: string;
  /** By path: `http.port`. */
  readonly settings: S;
  readonly lists: L;
  readonly otherEnv?: readonly string[];
  readonly unusedEnv?: Readonly<Record<string, string>>;
  /** Faults between settings; `idsOf` gives the ids of a list. What is faulty in itself stands at its default, a
   * faulty list is empty. Never echoes a value. */
  readonly check?: (config: ConfigOf<S, L>, idsOf: (list: string) => readonly string[]) => readonly Fault[];
}

/** The variable that names the config file: `TOCSIN_CONFIG`. */
export function configVariable(name: string): string {
  return `${name.toUpperCase()}_CONFIG`;
}

/** Declares one setting: `setting(Type.Integer({ … }), { env: ['TOCSIN_PORT'], flag: 'port' })`. */
export function setting<Schema extends TSchema>(
  schema: Schema,
  places: { readonly env?: readonly string[]; readonly flag?: string; readonly emptyIsUnset?: boolean } = {},
): Setting<Schema> {
  const { env = [], flag, emptyIsUnset = false } = places;
  return { schema, env, flag, emptyIsUnset };
}

interface PluginListParts {
  readonly description: string;
  readonly kinds: readonly PluginKind[];
  /** Members when the file names none. */
  readonly default?: readonly unknown[];
  readonly checkMember?: MemberCheck;
}

/** Declares a list of plug-ins. */
export function pluginList<Common extends TObject>(
  list: PluginListParts & { readonly common: Common },
): PluginList<Common>;
export function pluginList(list: PluginListParts): PluginList<TObject<Record<never, never>>>;
export function pluginList(list: PluginListParts & { readonly common?: TObject }): PluginList {
  return { type: 'plugins', common: Type.Object({}), default: [], ...list };
}

/** Declares a list of members that are all alike. */
export function itemList<Item extends TObject>(list: {
  readonly description: string;
  readonly item: Item;
  /** Members when the file names none. */
  readonly default?: readonly unknown[];
  /**
   * Faults that the schema of a member cannot say, with their paths from the root (`rules[0].targets[1]`);
   * `idsOf('targets')` gives the ids of another list. Asked when every member fits its schema.
   */
  check?(members: readonly Static<Item>[], idsOf: (list: string) => readonly string[]): readonly Fault[];
}): ItemList<Item> {
  return { type: 'items', default: [], ...list };
}

/** Puts the parts together. A part that contradicts itself or another one is a bug: it throws. */
export function defineSettings<const S extends Settings, const L extends Lists>(
  parts: DefinitionParts<S, L>,
): Definition<S, L> {
  const configSchema = schemaOf(parts, { complete: true });
  const definition: Definition<S, L> = {
    otherEnv: [],
    unusedEnv: {},
    check: () => [],
    ...parts,
    fileSchema: schemaOf(parts, { complete: false }),
    configSchema,
    holds: (value): value is ConfigOf<S, L> => Check(configSchema, value),
  };
  checkDefinition(definition);
  return definition;
}
