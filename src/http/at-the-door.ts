import type { onRequestHookHandler } from 'fastify';
import { Problem } from '../kernel/problem.ts';
import type { Route } from '../kernel/route.ts';
import { type AdmissionOptions, turnedAway } from './admission.ts';
import { allowedMethods } from './allow.ts';

const TOKEN = "[\\w!#$%&'*+.^`|~-]+";
/** `type/subtype`, whatever its parameters (RFC 9110, 8.3.1). */
const MEDIA_TYPE = new RegExp(`^\\s*${TOKEN}/${TOKEN}\\s*(?:;|$)`);

/**
 * What every request goes through before anything of its body is read: whether it is HTTP/1.x with a host, and
 * whether there is such a route. A path or method that does not exist is told so whatever the body is like.
 */
export function atTheDoor({
  routes,
  requests,
}: AdmissionOptions & { readonly routes: readonly Route[] }): onRequestHookHandler {
  return (request, _reply, done) => {
    const { raw, is404, url } = request;
    const { httpVersion, headers } = raw;
    if (httpVersion === '0.9') return done(new Problem('bad_request', 'Send HTTP/1.1.'));
    if (headers.host === undefined && httpVersion !== '1.0') {
      return done(new Problem('bad_request', 'Send the header Host.'));
    }
    if (is404) {
      // Whoever looks for paths that are not there asks as well.
      return done(turnedAway(requests, request.ip) ?? nothingHere(routes, url));
    }
    // Fastify would refuse a malformed one by itself, before a signature is looked at. This says as much: not JSON.
    const mediaType = headers['content-type'];
    if (mediaType !== undefined && !MEDIA_TYPE.test(mediaType))
      headers['content-type'] = 'application/octet-stream';
    done();
  };
}

function nothingHere(routes: readonly Route[], url: string): Problem {
  const allowed = allowedMethods(routes, url.split('?', 1)[0] ?? '/');
  return allowed.length === 0
    ? new Problem(
        'not_found',
        'There is nothing at this path. The routes are listed in /api/v1/openapi.json.',
      )
    : new Problem('method_not_allowed', `This path takes ${allowed.join(', ')}.`, {
        headers: { allow: allowed.join(', ') },
      });
}
