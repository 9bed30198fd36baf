/** A key pair of an AWS identity; the token comes with keys that end. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface AwsSignable {
  /** The signing name of the service: `s3`, `sns`. */
  readonly service: string;
  readonly region: string;
  readonly method: 'POST' | 'PUT' | 'GET';
  /** Its path as it is sent, percent-encoded already. */
  readonly url: string;
  /** Lower-case names; all are signed but those that proxies change. */
  readonly headers: Readonly<Record<string, string>>;
  /** Hashed here, unless `x-amz-content-sha256` tells the hash. */
  readonly body: string | Uint8Array;
}

/**
 * The headers of a request signed by AWS Signature Version 4
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html). `nowMs` must be within 5 minutes of
 * AWS's clock.
 */
export async function signAws(
  request: AwsSignable,
  credentials: AwsCredentials,
  nowMs: number,
): Promise<Record<string, string>> {
  const { service, region, method, headers, body } = request;
  // Loaded with the first signature: most services never make one.
  const { SignatureV4 } = await import('@smithy/signature-v4');
  const { Sha256 } = await import('@aws-crypto/sha256-js');
  // S3 takes the path as it is, all others encode it once more.
  const signer = new SignatureV4({
    service,
    region,
    credentials,
    sha256: Sha256,
    uriEscapePath: service !== 's3',
    applyChecksum: false,
  });
  const url = new URL(request.url);
  const signed = await signer.sign(
    {
      protocol: url.protocol,
      hostname: url.hostname,
      method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { ...headers, host: url.host },
      body,
    },
    { signingDate: new Date(nowMs) },
  );
  return signed.headers;
}
