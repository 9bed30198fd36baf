import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { AccessKey } from './keys.ts';

/** What an `Authorization` of AWS's Signature Version 4 says. */
export interface Claim {
  readonly accessKeyId: string;
  /** `20260101`. */
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** A request as it came over the wire. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const FORM =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

export function claimOf(authorization: string | undefined): Claim | undefined {
  const found = FORM.exec(authorization ?? '');
  if (found === null) return undefined;
  const [, accessKeyId = '', day = '', region = '', service = '', headers = '', signature = ''] = found;
  return { accessKeyId, day, region, service, signedHeaders: headers.split(';'), signature };
}

/** Whether the key's secret made that signature over that request: method, path, query, headers and body. */
export function isSignedBy(key: AccessKey, claim: Claim, request: SignedRequest): boolean {
  const date = headerOf(request.headers, 'x-amz-date');
  if (!date.startsWith(claim.day) || !claim.signedHeaders.includes('host')) return false;
  const told = headerOf(request.headers, 'x-amz-content-sha256');
  const hash = createHash('sha256').update(request.body).digest('hex');
  if (told !== '' && told !== 'UNSIGNED-PAYLOAD' && told !== hash) return false;
  const scope = `${claim.day}/${claim.region}/${claim.service}/aws4_request`;
  const canonical = canonicalOf(claim, request, told || hash);
  const text = ['AWS4-HMAC-SHA256', date, scope, createHash('sha256').update(canonical).digest('hex')].join(
    '\n',
  );
  const right = createHmac('sha256', signingKey(key.secret, claim)).update(text).digest();
  return timingSafeEqual(right, Buffer.from(claim.signature, 'hex'));
}

function canonicalOf(claim: Claim, request: SignedRequest, bodyHash: string): string {
  const [path = '/', query = ''] = request.target.split('?', 2);
  const headers = claim.signedHeaders.map((name) => `${name}:${headerOf(request.headers, name)}\n`);
  return [
    request.method,
    // All services but S3 sign the path encoded once more; their paths here are all `/`, where that is the same.
    path,
    queryOf(query),
    headers.join(''),
    claim.signedHeaders.join(';'),
    bodyHash,
  ].join('\n');
}

function queryOf(query: string): string {
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => (part.includes('=') ? part : `${part}=`))
    .toSorted((a, b) => (a < b ? -1 : 1))
    .join('&');
}

const headerOf = (headers: IncomingHttpHeaders, name: string): string =>
  [headers[name] ?? '']
    .flat()
    .map((value) => value.trim().replace(/ +/g, ' '))
    .join(',');

const made = new Map<string, Buffer>();

/** A day's key; made once for each, as clients do. */
function signingKey(secret: string, { day, region, service }: Claim): Buffer {
  const name = `${secret}/${day}/${region}/${service}`;
  const known = made.get(name);
  if (known !== undefined) return known;
  const key = [day, region, service, 'aws4_request'].reduce(
    (above, part) => createHmac('sha256', above).update(part).digest(),
    Buffer.from(`AWS4${secret}`),
  );
  made.set(name, key);
  return key;
}

/** `20260101T120000Z` as Unix ms; NaN for anything else. */
export function instantOf(amzDate: string | undefined): number {
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(amzDate ?? '');
  if (found === null) return Number.NaN;
  const [, year, month, day, hour, minute, second] = found;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
