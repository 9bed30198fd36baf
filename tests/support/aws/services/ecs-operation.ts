import type { Cluster } from '@aws-sdk/client-ecs';
import type { StaticOperationSchema } from '@smithy/types';
import type { Caller, Operation } from '../operation.ts';
import { pageOf, type Page } from '../paging.ts';
import type { Parameters } from '../parameters.ts';
import { Refusal } from '../refusal.ts';

export function ecsOperation(schema: StaticOperationSchema, answer: Operation['answer']): Operation {
  return { service: 'ecs', name: schema[2], action: `ecs:${schema[2]}`, schema, isKept: true, answer };
}

export const invalid = (message: string): Refusal => new Refusal('InvalidParameterException', 400, message);

/** A page of a list, at most a hundred; `unsaid` is how many come where nothing was said. */
export function ecsPage<T>(all: readonly T[], asked: Parameters, unsaid = 100): Page<T> {
  return pageOf(all, asked, {
    size: 'maxResults',
    token: 'nextToken',
    min: 1,
    max: 100,
    default: unsaid,
    refuse: (name) =>
      invalid(name === 'nextToken' ? 'Invalid token' : `${name} can only be between 1 and 100 (inclusive)`),
  });
}

/** The cluster that a call is about: named, by ARN, or the one that is called `default`. */
export function clusterOf(asked: Parameters, { region }: Caller): Cluster {
  const wanted = asked.text('cluster') ?? 'default';
  const found = region.ecs.clusters.find((cluster) =>
    isNamed(wanted, cluster.clusterArn, cluster.clusterName),
  );
  if (found === undefined) throw new Refusal('ClusterNotFoundException', 400, 'Cluster not found.');
  return found;
}

/** Names and ARNs are both good; a name may be the last part of an ARN. */
export const isNamed = (wanted: string, arn: string | undefined, name = arn?.split('/').at(-1)): boolean =>
  wanted === arn || wanted === name;

/** What was asked for one by one, and the failures of what there is not. */
export interface Found<T> {
  readonly items: readonly T[];
  readonly failures: readonly { readonly arn: string; readonly reason: 'MISSING' }[];
}

/** `word`: what they are called in the refusal of too many. */
export function findEach<T>(
  wanted: readonly string[] | undefined,
  most: number,
  word: string,
  find: (wanted: string) => T | undefined,
): Found<T> {
  if (wanted === undefined || wanted.length === 0) throw invalid(`${word} cannot be empty.`);
  if (wanted.length > most) throw invalid(`${word} cannot have more than ${most} elements.`);
  const looked = wanted.map((one) => ({ one, item: find(one) }));
  return {
    items: looked.flatMap(({ item }) => (item === undefined ? [] : [item])),
    failures: looked
      .filter(({ item }) => item === undefined)
      .map(({ one }) => ({ arn: one, reason: 'MISSING' })),
  };
}
