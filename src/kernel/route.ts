import type { Static, TObject, TSchema } from 'typebox';
import type { ProblemCode } from './problem.ts';

/** What an operator's token may do; each scope includes those before it. */
export const scopes = ['read', 'operate', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/** Whether who has `scope` may do what `needed` is needed for. */
export const includesScope = (scope: Scope, needed: Scope): boolean =>
  scopes.indexOf(scope) >= scopes.indexOf(needed);

/** Who may call a route. There is no default: a route that leaves it out does not compile. */
export type Access =
  /** `knows`: an operator who proves to be one is told to the handler; nobody else is turned away. */
  | { readonly kind: 'public'; readonly knows?: 'operator' }
  /** Proved by a signature over the body; limited per client until one is. */
  | { readonly kind: 'signed' }
  | { readonly kind: 'operator'; readonly scope: Scope }
  /**
   * An AWS session alone, or an operator of the scope read for a configured account. The binding tells who the operator
   * is, if there is one; the row's `admit` turns away who is neither.
   */
  | { readonly kind: 'aws' };

/** Whether the handler is told of an operator though others may ask as well. */
export const knowsOperators = (access: Access): boolean =>
  access.kind === 'aws' || (access.kind === 'public' && access.knows === 'operator');

/** The operator behind a request. */
export interface Actor {
  readonly id: string;
  readonly name: string;
  readonly scope: Scope;
  /** When the token, or the session, with which it asks ends by itself: Unix ms. Absent: it does not. */
  readonly expiresAt?: number;
}

/** The operator on an operator's route: the binding has set it, so that its absence is a bug. */
export function operator(actor: Actor | undefined): Actor {
  if (actor === undefined) throw new TypeError("an operator's route without an operator");
  return actor;
}

export interface Client {
  /** The peer's address, or what a trusted proxy says it is. */
  readonly address: string;
}

/** The certificate with which a client proved itself to our own TLS listener, signed by a configured authority. */
export interface ClientCertificate {
  /** SHA-256 over its DER form, lower-case hex without colons. */
  readonly fingerprint: string;
  /** The subject's common name; empty when it has none. */
  readonly commonName: string;
}

export interface RouteInput<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly client: Client;
  /** Undefined without mutual TLS. */
  readonly clientCertificate: ClientCertificate | undefined;
  /** Who asks; undefined on routes that are not an operator's, and of those that know one for everybody else. */
  readonly actor: Actor | undefined;
  /** Whether the connection, or the trusted proxy's, is TLS. */
  readonly secure: boolean;
  /** Whether the connection was closed meanwhile: nobody would get the answer. */
  readonly isGone: () => boolean;
}

/**
 * An answer that needs more than the declared status and a JSON body. A Readable or another async iterable as the body
 * is sent as it comes, and destroyed as soon as the client is gone.
 */
export class Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS';

/** One row: everything the server, OpenAPI and the 405 allow list need to know of a route. */
export interface Route {
  readonly method: Method;
  /** OpenAPI's form: `/api/v1/events/{id}`. */
  readonly path: string;
  readonly access: Access;
  readonly summary: string;
  readonly tag: string;
  readonly params?: TObject;
  /** Told with a 404 of a path that `params` does not fit, or that cannot be read. Absent: that is a 400. */
  readonly missing?: string;
  readonly query?: TObject;
  /** `raw`: the handler gets the bytes (a Buffer), whatever the media type says. */
  readonly body?: TSchema | 'raw';
  readonly bodyBytesMax?: number;
  readonly reply: {
    readonly status: number;
    readonly schema?: TSchema;
    readonly mediaType?: string;
    /** Where the request chooses: what it can be instead, which the reply then says in its own header. */
    readonly otherMediaTypes?: readonly string[];
  };
  /** The refusals of its own; those that every route of its access shares are added by the binding. */
  readonly problems: readonly ProblemCode[];
  /** `no-store` when absent. */
  readonly cacheControl?: string;
  /** Asked by probes: not counted against its client's requests. */
  readonly isProbe?: true;
  /** Called before the body is read; throws a Problem, or rejects with one, to turn the request away at the door. */
  admit?(request: Admission): void | Promise<void>;
  handle(input: RouteInput<never, never, never>): Promise<unknown>;
}

/** What is known of a request before its body is read. */
export interface Admission {
  readonly client: Client;
  readonly params: Readonly<Record<string, string>>;
  /** As the handler will see them. */
  readonly actor: Actor | undefined;
  readonly headers: RouteInput<never, never, never>['headers'];
  readonly secure: boolean;
}

type StaticOr<S, Otherwise> = S extends TSchema ? Static<S> : Otherwise;
type BodyOf<B> = B extends 'raw' ? Buffer : StaticOr<B, undefined>;

/** Ties the handler's input to the row's schemas. */
export function defineRoute<
  const P extends TObject | undefined = undefined,
  const Q extends TObject | undefined = undefined,
  const B extends TSchema | 'raw' | undefined = undefined,
>(
  row: Omit<Route, 'params' | 'query' | 'body' | 'handle'> & {
    readonly params?: P;
    readonly query?: Q;
    readonly body?: B;
    handle(input: RouteInput<StaticOr<P, undefined>, StaticOr<Q, undefined>, BodyOf<B>>): Promise<unknown>;
  },
): Route {
  const { params, query, body, ...rest } = row;
  return {
    ...rest,
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { query }),
    ...(body === undefined ? {} : { body }),
  };
}
