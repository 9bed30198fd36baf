import type { FastifyReply, FastifyRequest } from 'fastify';
import { addressField } from '../kernel/address-field.ts';
import type { Logger } from '../kernel/log.ts';

/** Lists, as ECS wants them. */
const CATEGORY = ['web'];
const TYPE = ['access'];

/** One line a request, in ECS names. Never the query, a header or a body: secrets travel in all three. */
export function logRequest(
  log: Logger,
  request: FastifyRequest,
  reply: FastifyReply,
  route: string | undefined,
): void {
  log.info(
    {
      'event.kind': 'event',
      'event.category': CATEGORY,
      'event.type': TYPE,
      'event.duration': Math.round(reply.elapsedTime * 1e6),
      'http.request.method': request.method,
      'http.response.status_code': reply.statusCode,
      // The route, not the path: a path can hold an unguessable id.
      'url.path': route ?? 'unknown',
      [addressField(request.ip)]: request.ip,
      ...(request.actor === undefined ? {} : { 'user.id': request.actor.id }),
    },
    'request',
  );
}
