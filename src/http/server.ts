import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { Server as TlsServer } from 'node:tls';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from '../kernel/log.ts';
import { type Meter, noMeter } from '../kernel/meter.ts';
import { Problem } from '../kernel/problem.ts';
import { type Actor, Reply, type Route, type RouteInput } from '../kernel/route.ts';
import { logRequest } from './access-log.ts';
import { admission, type AdmissionOptions } from './admission.ts';
import { atTheDoor } from './at-the-door.ts';
import { ClientCertificates } from './client-certificate.ts';
import { answerClientError } from './client-error.ts';
import { missingAt, readParams } from './read-params.ts';
import { readBody } from './read-body.ts';
import { malformedRequests, requestMetrics } from './request-metrics.ts';
import {
  JSON_MEDIA_TYPE,
  PROBLEM_MEDIA_TYPE,
  securityHeaders,
  strictTransportSecurity,
} from './security-headers.ts';
import { type Certificate, secureContext } from './tls-options.ts';
import { toProblem } from './to-problem.ts';
import { validator } from './validate.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on an operator's routes once the token was checked. */
    actor: Actor | undefined;
  }
}

export type { Certificate } from './tls-options.ts';

export interface ServerOptions extends AdmissionOptions {
  readonly routes: readonly Route[];
  readonly log: Logger;
  /** Where requests are counted; undefined: nowhere. */
  readonly meter?: Meter;
  /** Addresses or CIDRs whose `X-Forwarded-*` is believed. */
  readonly trustedProxies: readonly string[];
  readonly tls: Certificate | undefined;
  /** For a whole request to arrive. */
  readonly requestTimeoutMs: number;
}

const BODY_BYTES_MAX = 1_048_576;
const HEADER_BYTES_MAX = 16_384;
const HEADERS_TIMEOUT_MS = 10_000;
const CONNECTIONS_MAX = 8_192;
const CLOSE_GRACE_MS = 5_000;

/** A server that can be started and stopped, whatever it is made of. */
export interface HttpServer {
  /** Resolves with the URL it listens at, without a trailing slash. */
  listen(host: string, port: number): Promise<string>;
  /** New connections are served with this pair. */
  setCertificate(pair: Certificate): void;
  /** No new requests; resolves when those under way are answered, or cut off after five seconds. */
  close(): Promise<void>;
}

/** Binds the rows to Fastify: the only place that knows it. */
export function createServer(options: ServerOptions): HttpServer {
  const server = fastify(options);
  const clients = new ClientCertificates(server.server);
  bindAll(server, clients, options);
  let clientCa = options.tls?.clientCa;
  return {
    async listen(host, port) {
      const url = await server.listen({ host, port });
      return url.replace(/\/+$/, '');
    },
    setCertificate(pair) {
      if (!(server.server instanceof TlsServer)) return;
      server.server.setSecureContext(secureContext(pair));
      if (String(pair.clientCa) !== String(clientCa)) clients.forget();
      clientCa = pair.clientCa;
    },
    close: () => close(server),
  };
}

/**
 * Node waits for every connection that is not idle, also one that never said a word or stopped in the middle of
 * a request, and no longer times them out once it is closing: those are cut.
 */
async function close(server: FastifyInstance): Promise<void> {
  const timer = setTimeout(() => server.server.closeAllConnections(), CLOSE_GRACE_MS);
  try {
    await server.close();
  } finally {
    clearTimeout(timer);
  }
}

function bindAll(server: FastifyInstance, clients: ClientCertificates, options: ServerOptions): void {
  server.server.maxConnections = CONNECTIONS_MAX;
  // Bounded in bytes. Node would drop those beyond a thousand without a word, and what a proxy adds comes last.
  server.server.maxHeadersCount = 0;
  server.decorateRequest('actor', undefined);
  // Bodies reach the handler as bytes: a signature is over bytes, and nothing is parsed before it is checked.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.addHook('onRequest', atTheDoor(options));
  const patterns = new Map(options.routes.map(({ path }) => [urlOf(path), path]));
  const count = requestMetrics(options.meter ?? noMeter, endlessRoutes(options.routes));
  // With a callback: a promise per request would cost more than the line.
  server.addHook('onResponse', (request, reply, done) => {
    // Asked for once: Fastify makes this object anew each time.
    const { url } = request.routeOptions;
    logRequest(options.log, request, reply, url);
    count(
      request.method,
      url === undefined ? undefined : patterns.get(url),
      reply.statusCode,
      reply.elapsedTime,
    );
    done();
  });
  server.setErrorHandler((error, request, reply) =>
    sendProblem(request, reply, request.raw.readableAborted ? cutShort() : toProblem(error, options.log)),
  );
  // Whatever else a client expects of a server (RFC 9110, 10.1.1) is passed over; Node would answer a bare 417.
  server.server.on('checkExpectation', (request, response) =>
    server.server.emit('request', request, response),
  );
  for (const route of options.routes) bind(server, clients, route, options);
}

/** Whose answers last as long as their clients like: how long says nothing. */
const endlessRoutes = (routes: readonly Route[]): ReadonlySet<string> =>
  new Set(routes.filter(({ reply }) => reply.mediaType === 'text/event-stream').map(({ path }) => path));

/** Fastify's form of a path. */
const urlOf = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

function fastify(options: ServerOptions): FastifyInstance {
  const malformed = malformedRequests(options.meter ?? noMeter);
  const shared = {
    logger: false,
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: options.requestTimeoutMs,
    // Of silence in both directions: a client that does not read its answers holds a connection no longer.
    connectionTimeout: options.requestTimeoutMs * 2,
    forceCloseConnections: 'idle',
    // What still comes in on an open connection is answered as ever: Fastify's own 503 is a bare one.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 256 },
    clientErrorHandler: (error: NodeJS.ErrnoException, socket: Socket) => {
      if (answerClientError(error, socket)) malformed.inc();
    },
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const missing = missingAt(options.routes, request.url);
      const problem =
        missing === undefined ? toProblem(error, options.log) : new Problem('not_found', missing);
      void sendProblem(request, reply, problem);
    },
  } as const;
  const http = {
    maxHeaderSize: HEADER_BYTES_MAX,
    headersTimeout: Math.min(HEADERS_TIMEOUT_MS, options.requestTimeoutMs),
    // Node looks for slow clients every 30 s unless told; the time-out is only as sharp as this.
    connectionsCheckingInterval: 1_000,
    // Checked at the door: Node's own refusal is a bare 400.
    requireHostHeader: false,
  };
  if (options.tls === undefined) return Fastify({ ...shared, http });
  const https = {
    ...http,
    ...secureContext(options.tls),
    // Whoever comes without one is let in all the same: most routes are proved in other ways.
    requestCert: options.tls.clientCa !== undefined,
    rejectUnauthorized: false,
  } as const;
  return Fastify({ ...shared, https }) as FastifyInstance;
}

function bind(
  server: FastifyInstance,
  clients: ClientCertificates,
  route: Route,
  options: ServerOptions,
): void {
  const params = route.params && readParams(route.params, route.missing);
  const query = route.query && validator(route.query, 'query', true);
  const body = readBody(route);
  const admit = admission(route, options);
  server.route({
    method: route.method,
    url: urlOf(route.path),
    ...(route.bodyBytesMax === undefined ? {} : { bodyLimit: route.bodyBytesMax }),
    ...(admit === undefined ? {} : { onRequest: admit }),
    async handler(request, reply) {
      const input: RouteInput<unknown, unknown, unknown> = {
        params: params?.(request.params),
        query: query?.(request.query),
        body: body(request),
        headers: request.headers,
        client: { address: request.ip },
        clientCertificate: clients.of(request.raw.socket),
        actor: request.actor,
        secure: request.protocol === 'https',
        // Node closes its side too when the client closes its own: nothing can be sent any more.
        isGone: () => !request.raw.socket.writable,
      };
      // The row's schemas have just checked what its handler's types say.
      return send(request, reply, route, await route.handle(input as RouteInput<never, never, never>));
    },
  });
}

function send(request: FastifyRequest, reply: FastifyReply, route: Route, result: unknown): FastifyReply {
  const answer = result instanceof Reply ? result : undefined;
  const body = answer === undefined ? result : answer.body;
  setHeaders(request, reply, route.cacheControl ?? 'no-store');
  reply.code(answer?.status ?? route.reply.status);
  if (body !== undefined) reply.header('content-type', route.reply.mediaType ?? JSON_MEDIA_TYPE);
  if (answer !== undefined) reply.headers(answer.headers);
  if (isIterable(body)) return reply.send(toStream(request, body));
  return reply.send(typeof body === 'string' || Buffer.isBuffer(body) ? body : toJson(body));
}

const isIterable = (body: unknown): body is AsyncIterable<unknown> =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body;

function toStream(request: FastifyRequest, body: AsyncIterable<unknown>): Readable {
  const stream = body instanceof Readable ? body : Readable.from(body);
  // Nobody will read it: what it holds on to is let go of.
  if (request.method === 'HEAD') stream.destroy();
  return stream;
}

const toJson = (body: unknown): string | undefined => (body === undefined ? undefined : JSON.stringify(body));

function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  setHeaders(request, reply, 'no-store');
  reply.code(problem.status).header('content-type', PROBLEM_MEDIA_TYPE);
  const { headers, retryAfterSeconds } = problem.options;
  if (headers !== undefined) reply.headers({ ...headers });
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  return reply.send(JSON.stringify(problem.document()));
}

function setHeaders(request: FastifyRequest, reply: FastifyReply, cacheControl: string): void {
  reply.headers(securityHeaders).header('cache-control', cacheControl);
  if (request.protocol === 'https') reply.header('strict-transport-security', strictTransportSecurity);
}

/** The client is gone: nobody reads this, and it is no fault of ours. */
const cutShort = (): Problem => new Problem('bad_request', 'The request ended before its body did.');
