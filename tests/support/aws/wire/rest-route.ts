import type { SignedRequest } from '../signature.ts';

export interface RestRoute {
  /** Empty for none that we know. */
  readonly operation: string;
  readonly bucket: string | undefined;
  readonly query: URLSearchParams;
}

/** S3's sub-resources: what a GET of a bucket with that word asks. */
const SUBRESOURCES: Readonly<Record<string, string>> = {
  acl: 'GetBucketAcl',
  encryption: 'GetBucketEncryption',
  lifecycle: 'GetBucketLifecycleConfiguration',
  location: 'GetBucketLocation',
  logging: 'GetBucketLogging',
  ownershipControls: 'GetBucketOwnershipControls',
  policy: 'GetBucketPolicy',
  policyStatus: 'GetBucketPolicyStatus',
  publicAccessBlock: 'GetPublicAccessBlock',
  versioning: 'GetBucketVersioning',
};

/** Of a request to S3 or S3 Control: buckets are in the path (`/bucket?acl`) or the host (`bucket.s3.…`, `bucket.localhost`). */
export function routeOf(request: SignedRequest): RestRoute {
  const [path = '/', search = ''] = request.target.split('?', 2);
  const query = new URLSearchParams(search);
  if (path === '/v20180820/configuration/publicAccessBlock')
    return { operation: get(request, 'GetPublicAccessBlock'), bucket: undefined, query };
  const [first = '', ...rest] = path.split('/').slice(1).map(decodeURIComponent);
  const inHost = bucketInHost(request.headers.host ?? '');
  const bucket = inHost ?? (first === '' ? undefined : first);
  const isObject = (inHost === undefined ? rest : [first, ...rest]).some((part) => part !== '');
  return { operation: isObject ? '' : nameOf(request, bucket, query), bucket, query };
}

function nameOf(request: SignedRequest, bucket: string | undefined, query: URLSearchParams): string {
  if (bucket === undefined) return get(request, 'ListBuckets');
  if (request.method === 'HEAD') return 'HeadBucket';
  const word = [...query.keys()].find((key) => SUBRESOURCES[key] !== undefined) ?? '';
  return get(request, SUBRESOURCES[word] ?? '');
}

const get = (request: SignedRequest, operation: string): string =>
  request.method === 'GET' ? operation : '';

const bucketInHost = (host: string): string | undefined =>
  /^(.+?)\.(?:s3[.-][a-z0-9.-]+|localhost)(?::\d+)?$/.exec(host)?.[1];
