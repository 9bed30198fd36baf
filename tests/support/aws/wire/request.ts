import type { IncomingHttpHeaders } from 'node:http';
import type { Operation, ServiceName } from '../operation.ts';
import { Parameters } from '../parameters.ts';
import type { SignedRequest } from '../signature.ts';
import { refusalOf } from '../words.ts';
import { fromJson } from './json.ts';
import { fromQuery } from './query.ts';
import { routeOf } from './rest-route.ts';
import { shapeOf } from './shape.ts';

export type Protocol = 'ec2' | 'query' | 'json' | 'rest';

/** Which service a request is for. The signature's scope says it; one without is told by what it looks like. */
export function serviceOf(scope: string | undefined, request: SignedRequest): ServiceName {
  if (request.target.startsWith('/v20180820/')) return 's3control';
  if (scope === 'sts' || scope === 'ec2' || scope === 'ecs' || scope === 'monitoring' || scope === 's3')
    return scope;
  const target = String(request.headers['x-amz-target'] ?? '');
  if (target.startsWith('GraniteService')) return 'monitoring';
  if (target !== '') return 'ecs';
  const version = new URLSearchParams(request.body.toString()).get('Version');
  if (version === '2011-06-15') return 'sts';
  return version === null ? 's3' : 'ec2';
}

/** CloudWatch is spoken in two: JSON by newer clients, the query protocol by older ones. */
export function protocolOf(service: ServiceName, headers: IncomingHttpHeaders): Protocol {
  if (service === 's3' || service === 's3control') return 'rest';
  if (headers['x-amz-target'] !== undefined) return 'json';
  return service === 'ec2' ? 'ec2' : 'query';
}

export interface Asked {
  readonly operation: Operation;
  readonly parameters: Parameters;
}

/** Operations by service and name. */
export type OperationTable = ReadonlyMap<string, Operation>;

export const tableOf = (operations: readonly Operation[]): OperationTable =>
  new Map(operations.map((operation) => [`${operation.service}:${operation.name}`, operation]));

/** What is asked, read by the schema of the operation; throws a `Refusal` for what is none. */
export function askedOf(
  service: ServiceName,
  protocol: Protocol,
  request: SignedRequest,
  table: OperationTable,
): Asked {
  if (protocol === 'rest') return restAsked(service, request, table);
  if (protocol === 'json') {
    const name = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const operation = operationOf(service, name, table);
    const value: unknown = JSON.parse(request.body.toString() || '{}');
    return { operation, parameters: new Parameters(fromJson(shapeOf(operation.schema[4]), value)) };
  }
  const form = new URLSearchParams(request.body.toString());
  const operation = operationOf(service, form.get('Action') ?? '', table);
  return { operation, parameters: new Parameters(fromQuery(shapeOf(operation.schema[4]), form, protocol)) };
}

function restAsked(service: ServiceName, request: SignedRequest, table: OperationTable): Asked {
  const route = routeOf(request);
  const operation = operationOf(service, route.operation, table);
  const found: Record<string, unknown> = route.bucket === undefined ? {} : { Bucket: route.bucket };
  for (const member of shapeOf(operation.schema[4]).members.values()) {
    const header = member.header === undefined ? undefined : request.headers[member.header.toLowerCase()];
    const value = header ?? (member.queryKey === undefined ? null : route.query.get(member.queryKey));
    if (typeof value === 'string') found[member.name] = value;
  }
  return { operation, parameters: new Parameters(found) };
}

function operationOf(service: ServiceName, name: string, table: OperationTable): Operation {
  const operation = table.get(`${service}:${name}`);
  if (operation === undefined) throw refusalOf(service, 'unknownAction');
  return operation;
}
