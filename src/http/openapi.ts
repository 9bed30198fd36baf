import { Type } from 'typebox';
import { type ProblemCode, problemTable } from '../kernel/problem.ts';
import { type Access, defineRoute, knowsOperators, type Route } from '../kernel/route.ts';
import { isCounted } from './admission.ts';

const problemSchema = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  code: Type.String(),
  error: Type.String(),
  message: Type.Unknown(),
});

/** OpenAPI 3.1 out of the rows: what is served is what is described. */
export function openApi(routes: readonly Route[], version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = (paths[route.path] ??= {});
    path[route.method.toLowerCase()] = operation(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tocsin',
      version,
      description: 'Security signals in, the right people told, nothing lost.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      schemas: { Problem: problemSchema },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'tocsin_session',
          description: 'Under TLS `__Host-tocsin_session`. Changes must come from the page of the service.',
        },
        awsSession: {
          type: 'apiKey',
          in: 'cookie',
          name: 'tocsin_aws_session',
          description: 'Of `POST /api/v1/auth/login`. Under TLS `__Host-tocsin_aws_session`.',
        },
      },
    },
  };
}

/** The problems that a row can answer: its own, and those of its kind of access and input. */
export function problemsOf(route: Route): ProblemCode[] {
  const codes = new Set<ProblemCode>(route.problems);
  if (isCounted(route)) codes.add('too_many_requests');
  if (route.access.kind === 'operator') {
    // Tokens and ended sessions are in the store.
    codes.add('unauthorized').add('store_unavailable');
    if (route.access.scope !== 'read') codes.add('forbidden');
    if (route.method !== 'GET') codes.add('forbidden');
  }
  if (knowsOperators(route.access)) codes.add('unauthorized').add('store_unavailable');
  // Also of a body that nobody asked for.
  if (route.method !== 'GET') codes.add('body_too_large');
  const mayMisfit = route.params !== undefined && route.missing === undefined;
  if (mayMisfit || route.query !== undefined) codes.add('bad_request');
  if (route.body !== undefined && route.body !== 'raw') {
    codes.add('bad_request').add('media_type_unsupported');
  }
  return [...codes];
}

function operation(route: Route): Record<string, unknown> {
  return {
    operationId: operationId(route),
    summary: route.summary,
    tags: [route.tag],
    security: security(route.access),
    ...(route.access.kind === 'operator' ? { 'x-scope': route.access.scope } : {}),
    parameters: [...parameters('path', route.params), ...parameters('query', route.query)],
    ...(route.body === undefined ? {} : { requestBody: requestBody(route.body) }),
    responses: { [route.reply.status]: reply(route), ...problems(route) },
  };
}

/** An empty requirement: it is answered without one too. */
function security(access: Access): readonly Record<string, never[]>[] {
  const operator = [{ token: [] }, { session: [] }];
  if (access.kind === 'operator') return operator;
  if (access.kind === 'aws') return [{ awsSession: [] }, ...operator];
  return knowsOperators(access) ? [{}, ...operator] : [];
}

const operationId = ({ method, path }: Route): string =>
  `${method.toLowerCase()}${path.replaceAll(/[^A-Za-z0-9]+(\w?)/g, (_, next: string) => next.toUpperCase())}`;

function parameters(place: 'path' | 'query', schema: Route['params']): object[] {
  if (schema === undefined) return [];
  const required = new Set(schema.required);
  return Object.entries(schema.properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || (required.has(name) && !('default' in property)),
    schema: property,
  }));
}

const requestBody = (body: NonNullable<Route['body']>): object => ({
  required: true,
  content: { 'application/json': { schema: body === 'raw' ? {} : body } },
});

function reply({ reply: { schema, mediaType, otherMediaTypes = [] }, summary }: Route): object {
  if (schema === undefined && mediaType === undefined) return { description: summary };
  const others = otherMediaTypes.map((other) => [other, { schema: {} }] as const);
  const content = {
    [mediaType ?? 'application/json']: { schema: schema ?? {} },
    ...Object.fromEntries(others),
  };
  return { description: summary, content };
}

function problems(route: Route): Record<string, object> {
  const byStatus: Record<string, object> = {};
  const codes = problemsOf(route);
  for (const { status } of codes.map((code) => problemTable[code])) {
    const same = codes.filter((code) => problemTable[code].status === status);
    byStatus[status] = {
      description: same.map((code) => `${problemTable[code].title} (\`${code}\`)`).join('; '),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    };
  }
  return byStatus;
}

/** Serves the description of all rows, its own included. */
export function openApiRoute(routes: readonly Route[], version: string): Route {
  let text: string | undefined;
  const row: Route = defineRoute({
    method: 'GET',
    path: '/api/v1/openapi.json',
    access: { kind: 'public' },
    tag: 'Service',
    summary: 'This description, OpenAPI 3.1',
    reply: { status: 200, schema: Type.Unknown() },
    problems: [],
    cacheControl: 'public, max-age=300',
    handle: async () => (text ??= JSON.stringify(openApi([...routes, row], version))),
  });
  return row;
}
