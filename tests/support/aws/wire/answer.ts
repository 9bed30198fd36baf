import type { Operation, ServiceName } from '../operation.ts';
import { isRecord } from '../parameters.ts';
import type { Refusal } from '../refusal.ts';
import { jsonOf } from './json.ts';
import type { Protocol } from './request.ts';
import { type Member, type Shape, shapeOf } from './shape.ts';
import { escaped, xmlOf } from './xml.ts';

/** What goes back over the wire, but for the id of the request. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const REQUEST_ID = '7a62c49f-347e-4fc4-9331-6e8eEXAMPLE';
const XML = '<?xml version="1.0" encoding="UTF-8"?>\n';

const namespaces: Readonly<Record<ServiceName, string>> = {
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
  ec2: 'http://ec2.amazonaws.com/doc/2016-11-15/',
  ecs: '',
  s3: 'http://s3.amazonaws.com/doc/2006-03-01/',
  s3control: 'http://awss3control.amazonaws.com/doc/2018-08-20/',
  monitoring: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
};

/** An operation's output as its service writes it. */
export function answerOf(operation: Operation, protocol: Protocol, output: object): Answer {
  const shape = shapeOf(operation.schema[5]);
  const { name, service } = operation;
  const namespace = namespaces[service];
  switch (protocol) {
    case 'json':
      return jsonAnswer(service, 200, jsonOf(shape, output));
    case 'ec2':
      return xmlAnswer(
        200,
        `<${name}Response xmlns="${namespace}"><requestId>${REQUEST_ID}</requestId>${xmlOf(shape, output)}</${name}Response>`,
      );
    case 'query':
      return xmlAnswer(
        200,
        `<${name}Response xmlns="${namespace}"><${name}Result>${xmlOf(shape, output)}</${name}Result><ResponseMetadata><RequestId>${REQUEST_ID}</RequestId></ResponseMetadata></${name}Response>`,
      );
    case 'rest':
      return restAnswer(operation, output);
  }
}

function restAnswer({ schema, service, name }: Operation, output: object): Answer {
  const shape = shapeOf(schema[5]);
  const values = new Map<string, unknown>(Object.entries(output));
  const members = [...shape.members.values()];
  const headers = Object.fromEntries(
    members
      .filter(({ header, name: member }) => header !== undefined && values.get(member) !== undefined)
      .map(({ header = '', name: member }) => [header, String(values.get(member))]),
  );
  const payload = members.find(({ isPayload }) => isPayload);
  if (payload?.shape.kind === 'plain') {
    const body = Buffer.from(String(values.get(payload.name) ?? ''));
    return { status: 200, headers: { ...headers, 'content-type': 'application/json' }, body };
  }
  const answer = xmlAnswer(200, documentOf(name, shape, payload, output, ` xmlns="${namespaces[service]}"`));
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

/** The root is the payload, or the output itself. A bucket's location is nothing but its root. */
function documentOf(
  operation: string,
  shape: Shape,
  payload: Member | undefined,
  output: object,
  xmlns: string,
): string {
  const values = isRecord(output) ? output : {};
  if (operation === 'GetBucketLocation')
    return `<LocationConstraint${xmlns}>${String(values['LocationConstraint'] ?? '')}</LocationConstraint>`;
  const root = payload?.xmlName ?? shape.name;
  const inner = payload === undefined ? xmlOf(shape, output) : xmlOf(payload.shape, values[payload.name]);
  return `<${root}${xmlns}>${inner}</${root}>`;
}

/** A refusal as the protocol tells it. */
export function refused(service: ServiceName, protocol: Protocol, refusal: Refusal, isHead: boolean): Answer {
  const { code, status, message, headers } = refusal;
  const answer =
    protocol === 'json'
      ? jsonAnswer(service, status, { __type: code, message }, { 'x-amzn-query-error': `${code};Sender` })
      : xmlAnswer(status, errorXml(service, protocol, refusal));
  const body = isHead ? Buffer.alloc(0) : answer.body;
  return { status, headers: { ...answer.headers, ...headers }, body };
}

function errorXml(
  service: ServiceName,
  protocol: Protocol,
  { code, status, message, fields }: Refusal,
): string {
  const words = `<Code>${code}</Code><Message>${escaped(message)}</Message>`;
  const more = Object.entries(fields)
    .map(([name, value]) => `<${name}>${escaped(value)}</${name}>`)
    .join('');
  const type = `<Type>${status < 500 ? 'Sender' : 'Receiver'}</Type>`;
  if (protocol === 'ec2')
    return `<Response><Errors><Error>${words}</Error></Errors><RequestID>${REQUEST_ID}</RequestID></Response>`;
  if (service === 's3')
    return `<Error>${words}${more}<RequestId>4442587FB7D0A2F9</RequestId><HostId>fake</HostId></Error>`;
  const inner = service === 's3control' ? `${words}${more}` : `${type}${words}`;
  return `<ErrorResponse xmlns="${namespaces[service]}"><Error>${inner}</Error><RequestId>${REQUEST_ID}</RequestId></ErrorResponse>`;
}

function xmlAnswer(status: number, xml: string): Answer {
  return { status, headers: { 'content-type': 'text/xml;charset=UTF-8' }, body: Buffer.from(XML + xml) };
}

function jsonAnswer(
  service: ServiceName,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const type = service === 'monitoring' ? 'application/x-amz-json-1.0' : 'application/x-amz-json-1.1';
  const own = service === 'monitoring' ? headers : {};
  return { status, headers: { ...own, 'content-type': type }, body: Buffer.from(JSON.stringify(value)) };
}
