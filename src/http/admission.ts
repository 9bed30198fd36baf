import type { FastifyRequest } from 'fastify';
import type { OperatorAccess } from '../access/access.ts';
import type { RateLimit } from '../access/rate-limit.ts';
import { Problem } from '../kernel/problem.ts';
import { knowsOperators, type Route } from '../kernel/route.ts';

export interface AdmissionOptions {
  readonly access: OperatorAccess;
  /** Of requests a client; undefined: no limit. */
  readonly requests: RateLimit | undefined;
}

/** What is decided before the body is read: whether somebody may ask this at all. Undefined where there is nothing to. */
export function admission(
  route: Route,
  { access, requests }: AdmissionOptions,
): ((request: FastifyRequest) => Promise<void>) | undefined {
  const { access: who } = route;
  const limit = isCounted(route) ? requests : undefined;
  const knows = knowsOperators(who);
  if (who.kind !== 'operator' && !knows && route.admit === undefined && limit === undefined) return undefined;
  return async (request) => {
    const client = { address: request.ip };
    const problem = turnedAway(limit, client.address);
    if (problem !== undefined) throw problem;
    if (who.kind === 'operator') {
      request.actor = await access.require(who.scope, request.method, request.headers, client);
    }
    if (knows) request.actor = await access.recognise(request.method, request.headers, client);
    await route.admit?.({
      client,
      params: request.params as Record<string, string>,
      actor: request.actor,
      headers: request.headers,
      secure: request.protocol === 'https',
    });
  };
}

/** A signed route counts what is not proved, by itself; and a probe that is turned away would end a healthy process. */
export const isCounted = ({ access, isProbe }: Route): boolean =>
  access.kind !== 'signed' && isProbe !== true;

/** Counts a request; the problem of a client that has asked too often of late. */
export function turnedAway(requests: RateLimit | undefined, address: string): Problem | undefined {
  const wait = requests?.take(address) ?? 0;
  if (wait === 0) return undefined;
  return new Problem('too_many_requests', 'Too many requests from this address. Wait and try again.', {
    retryAfterSeconds: wait,
  });
}
