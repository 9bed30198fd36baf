import { Type } from 'typebox';
import { type Actor, defineRoute, operator, Reply, type Route } from '../kernel/route.ts';
import { Problem } from '../kernel/problem.ts';
import { idText, type TSchema } from '../kernel/schema.ts';
import { listNames } from './members.ts';
import { type Conditions, notFound, type ObjectControl } from './object-control.ts';
import type { ObjectKind, StoredState } from './objects.ts';
import { memberWire } from './wire.ts';

/** Two templates and some headers fit; a rule has at most a few thousand conditions. */
const BODY_BYTES_MAX = 131_072;

/** An object as a client sees it, with its state in the store. */
export interface Shown {
  readonly wire: unknown;
  readonly stored: StoredState | undefined;
}

export interface ObjectRoutesOptions {
  readonly kind: ObjectKind;
  readonly tag: string;
  readonly control: ObjectControl;
  readonly schema: TSchema;
  /** Undefined when it is not configured. */
  readonly show: (id: string, actor: Actor) => Promise<Shown | undefined>;
}

/** One object of a kind: read, made or replaced, removed. */
export function oneObjectRoutes({ kind, tag, control, schema, show }: ObjectRoutesOptions): Route[] {
  const shared = {
    path: `/api/v1/${listNames[kind]}/{id}`,
    tag,
    params: Type.Object({ id: idText(`The id of the ${kind}.`) }),
  };
  const answer = async (id: string, actor: Actor): Promise<Reply> => {
    const shown = await show(id, actor);
    if (shown === undefined) throw notFound(kind);
    return new Reply(200, shown.wire, shown.stored === undefined ? {} : { etag: `"${shown.stored.tag}"` });
  };
  return [
    defineRoute({
      ...shared,
      method: 'GET',
      access: { kind: 'operator', scope: 'read' },
      summary: `One ${kind}. An \`ETag\` names its state, for \`If-Match\``,
      reply: { status: 200, schema },
      problems: ['not_found', 'store_unavailable'],
      handle: ({ params: { id }, actor }) => answer(id, operator(actor)),
    }),
    defineRoute({
      ...shared,
      method: 'PUT',
      access: { kind: 'operator', scope: 'admin' },
      summary: `Make a ${kind}, or replace the one of this id. With \`If-Match\` only the state that you know; with \`If-None-Match: *\` only where there is none`,
      body: memberWire,
      bodyBytesMax: BODY_BYTES_MAX,
      reply: { status: 200, schema },
      problems: ['not_found', 'conflict', 'precondition_failed', 'config_faulty', 'store_unavailable'],
      async handle({ params: { id }, body, headers, actor }) {
        await control.put(kind, id, body, conditionsOf(headers), operator(actor));
        return answer(id, operator(actor));
      },
    }),
    defineRoute({
      ...shared,
      method: 'DELETE',
      access: { kind: 'operator', scope: 'admin' },
      summary: `Remove a ${kind} that was made over the API. With \`If-Match\` only in the state that you know`,
      reply: { status: 204 },
      problems: ['not_found', 'conflict', 'precondition_failed', 'store_unavailable'],
      async handle({ params: { id }, headers, actor }) {
        await control.remove(kind, id, conditionsOf(headers), operator(actor));
      },
    }),
  ];
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** RFC 9110, 13.1: one tag, or any. */
function conditionsOf(headers: Headers): Conditions {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (noneMatch !== undefined && noneMatch !== '*')
    throw new Problem('bad_request', 'If-None-Match is taken as "*" only: where there is none yet.');
  return { ifMatch: match === undefined ? undefined : tagOf(match), ifNoneMatch: noneMatch };
}

function tagOf(match: string | string[]): string {
  const tag = typeof match === 'string' ? /^(?:"([\x21\x23-\x7e]{1,64})"|(\*))$/.exec(match) : null;
  const found = tag?.[1] ?? tag?.[2];
  if (found === undefined) throw new Problem('bad_request', 'If-Match is one ETag in quotes, or "*".');
  return found;
}
