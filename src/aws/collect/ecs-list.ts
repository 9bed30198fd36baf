import type { Listing, ReadFailure } from '../inventory/reading.ts';
import type { Action } from '../inventory/reads.ts';
import type { Caller, CallOptions } from './call.ts';
import type { OpenedEcs } from './clients.ts';
import { inPieces, list, texts } from './fields.ts';
import { inTurn } from './in-turn.ts';
import { allPages, joined, type Page } from './pages.ts';

const PIECES_AT_ONCE = 32;

/** A paged call of ECS that gives names. */
export interface EcsNames<Answer> {
  readonly action: Action;
  readonly ask: (ecs: OpenedEcs, token: string | undefined, options: CallOptions) => Promise<Answer>;
  readonly names: (answer: Answer) => readonly string[] | undefined;
}

/** All that a paged call of ECS names, each once. */
export async function ecsNames<Answer extends { readonly nextToken?: string | undefined }>(
  caller: Caller,
  region: string,
  { action, ask, names }: EcsNames<Answer>,
): Promise<Listing<string>> {
  const attempted = { action, region };
  const { items, failures } = await allPages(attempted, (token) =>
    caller.call(attempted, caller.clients.ecs(region), async (ecs, options): Promise<Page<string>> => {
      const answer = await ask(ecs, token, options);
      return { items: texts(list(names(answer))), next: answer.nextToken };
    }),
  );
  return { items: [...new Set(items)], failures };
}

/** A call of ECS that describes what is named, so many at once. */
export interface EcsDescription<Answer, T> {
  readonly action: Action;
  readonly atOnce: number;
  readonly ask: (ecs: OpenedEcs, names: string[], options: CallOptions) => Promise<Answer>;
  readonly items: (answer: Answer) => readonly T[];
  /** Whether somebody asked for just these: then one that is not there is a failure. Otherwise it went meanwhile. */
  readonly areAskedFor?: boolean;
}

interface Failing {
  readonly failures?: readonly { readonly reason?: string | undefined }[] | undefined;
}

/** What is named, described. ECS answers what it could not describe beside the rest: those are failures too. */
export async function ecsDescribed<Answer extends Failing, T>(
  caller: Caller,
  region: string,
  names: readonly string[],
  { action, atOnce, ask, items, areAskedFor = false }: EcsDescription<Answer, T>,
): Promise<Listing<T>> {
  const attempted = { action, region };
  const describe = async (piece: readonly string[]): Promise<Listing<T>> => {
    const answer = await caller.call(attempted, caller.clients.ecs(region), (ecs, options) =>
      ask(ecs, [...piece], options),
    );
    if (answer.kind === 'unread') return { items: [], failures: [answer.failure] };
    const failures = list(answer.value.failures)
      .map(({ reason }): ReadFailure => ({ ...attempted, ...kindOfReason(reason) }))
      .filter(({ kind }) => areAskedFor || kind !== 'missing');
    return { items: items(answer.value), failures };
  };
  return joined(await inTurn(inPieces(names, atOnce), PIECES_AT_ONCE, describe));
}

const reasonShape = /^[A-Z][A-Z_]{0,79}$/;

function kindOfReason(reason: string | undefined): Pick<ReadFailure, 'kind' | 'code'> {
  const code = reason !== undefined && reasonShape.test(reason) ? reason : 'Unknown';
  if (code === 'MISSING') return { kind: 'missing', code };
  return { kind: code.includes('DENIED') ? 'denied' : 'failed', code };
}
