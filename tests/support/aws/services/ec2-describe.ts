import type { StaticOperationSchema } from '@smithy/types';
import type { Region } from '../account.ts';
import type { Caller, Operation } from '../operation.ts';
import { pageOf, type Paging } from '../paging.ts';
import type { Parameters } from '../parameters.ts';
import { Refusal } from '../refusal.ts';

/** What a filter compares with: all values that one thing has of it. */
export type Filters<T> = Readonly<Record<string, (item: T) => readonly (string | undefined)[]>>;

/** A `Describe…` of EC2 that lists things: they differ only in what is said here. */
export interface Described<T> {
  readonly schema: StaticOperationSchema;
  /** Members of output and input: `Volumes`, `VolumeIds`. */
  readonly list: string;
  readonly ids: string;
  readonly idOf: (item: T) => string | undefined;
  /** AWS's word for an id that is none: `InvalidVolume.NotFound`. */
  readonly notFound: string;
  readonly sizes: { readonly min: number; readonly max: number; readonly default?: number };
  readonly items: (region: Region, asked: Parameters, caller: Caller) => readonly T[];
  readonly filters: Filters<T>;
  /** AWS pages a list of ids no further. */
  readonly isUnpagedByIds?: boolean;
}

export function describing<T>(described: Described<T>): Operation {
  const [, , name] = described.schema;
  return {
    service: 'ec2',
    name,
    action: `ec2:${name}`,
    schema: described.schema,
    isKept: true,
    answer: (asked, caller) => {
      refuseDryRun(asked);
      const found = wanted(described, asked, caller);
      const { items, next } = pageOf(found, asked, pagingOf(described.sizes));
      return { [described.list]: items, NextToken: next };
    },
  };
}

export function refuseDryRun(asked: Parameters): void {
  if (asked.flag('DryRun'))
    throw new Refusal('DryRunOperation', 412, 'Request would have succeeded, but DryRun flag is set.');
}

function wanted<T>(described: Described<T>, asked: Parameters, caller: Caller): readonly T[] {
  const all = described.items(caller.region, asked, caller);
  const ids = asked.texts(described.ids);
  if (ids !== undefined && described.isUnpagedByIds === true && asked.whole('MaxResults') !== undefined) {
    throw new Refusal(
      'InvalidParameterCombination',
      400,
      `The parameter ${described.ids} cannot be used with the parameter maxResults`,
    );
  }
  const chosen = ids === undefined ? all : byIds(described, all, ids);
  const filters = [...asked.list('Filters'), ...asked.list('Filter')];
  return filters.length === 0 ? chosen : filtered(chosen, filters, described.filters);
}

function byIds<T>(
  { idOf, notFound, ids: name }: Described<T>,
  all: readonly T[],
  ids: readonly string[],
): T[] {
  const wantedIds = new Set(ids);
  const found = all.filter((item) => wantedIds.has(idOf(item) ?? ''));
  const known = new Set(found.map(idOf));
  const missing = ids.filter((id) => !known.has(id));
  if (missing.length > 0) {
    const what = name.replace(/Ids$/, '');
    throw new Refusal(notFound, 400, `The ${what} ID '${missing.join(', ')}' does not exist`);
  }
  return found;
}

/** Things that all filters let through; of one filter any value does. `*` and `?` stand for others, as with AWS. */
export function filtered<T>(items: readonly T[], asked: readonly Parameters[], known: Filters<T>): T[] {
  const tests = asked.map((filter) => {
    const name = filter.text('Name') ?? '';
    const valuesOf = known[name] ?? tagFilter<T>(name, known);
    if (valuesOf === undefined)
      throw new Refusal('InvalidParameterValue', 400, `The filter '${name}' is invalid`);
    const patterns = (filter.texts('Values') ?? []).map(patternOf);
    return (item: T): boolean =>
      valuesOf(item).some((value) => value !== undefined && patterns.some((pattern) => pattern.test(value)));
  });
  return items.filter((item) => tests.every((test) => test(item)));
}

/** `tag:Name` is a filter for each tag that there is; a list knows tags by its `tag` (`Name=web`). */
function tagFilter<T>(name: string, known: Filters<T>): ((item: T) => readonly string[]) | undefined {
  const tags = known['tag'];
  if (tags === undefined || !name.startsWith('tag:')) return undefined;
  const start = `${name.slice('tag:'.length)}=`;
  return (item) =>
    tags(item).flatMap((tag) => (tag?.startsWith(start) === true ? [tag.slice(start.length)] : []));
}

/** For the `tag` of a list's filters. */
export const tagsOf = (item: {
  readonly Tags?:
    readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined;
}): string[] => (item.Tags ?? []).map(({ Key = '', Value = '' }) => `${Key}=${Value}`);

const patternOf = (value: string): RegExp =>
  new RegExp(
    `^${value
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  );

function pagingOf(sizes: Described<unknown>['sizes']): Paging {
  return {
    size: 'MaxResults',
    token: 'NextToken',
    min: sizes.min,
    max: sizes.max,
    default: sizes.default,
    refuse: (name, value) =>
      name === 'NextToken'
        ? new Refusal('InvalidNextToken', 400, 'The token is invalid.')
        : new Refusal(
            'InvalidParameterValue',
            400,
            `Value ( ${value} ) for parameter maxResults is invalid. Expecting a value between ${sizes.min} and ${sizes.max}.`,
          ),
  };
}
