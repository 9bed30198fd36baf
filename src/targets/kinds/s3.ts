import { webcrypto } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Type } from 'typebox';
import { durationMs } from '../../kernel/duration.ts';
import type { Fault } from '../../kernel/fault.ts';
import { duration, oneOf, type Static } from '../../kernel/schema.ts';
import { sha256Hex } from '../../kernel/secret.ts';
import { awsCredentialFaults, awsCredentialSettings, ownCredentialFaults } from '../aws-credentials.ts';
import { awsDomain, awsService } from '../aws-request.ts';
import { Batch } from '../batch.ts';
import { recordBody, recordFormats } from '../record.ts';
import { defineTarget, type Job } from '../target.ts';
import { urlFaults } from '../url-faults.ts';

const BATCH_BYTES_MAX = 8 * 1_048_576;
/** Of an attempt's time, for the wait; the rest is for the write. */
const WAIT_SHARE_MAX = 0.5;

const settings = Type.Object({
  bucket: Type.String({
    pattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
    expected: 'the name of a bucket',
    description: 'The bucket that objects are put into.',
  }),
  region: Type.String({
    pattern: '^[a-z0-9-]{3,40}$',
    default: 'us-east-1',
    description: "The bucket's region; stores other than AWS mostly take us-east-1.",
  }),
  prefix: Type.String({
    pattern: '^$|^[A-Za-z0-9_=-][A-Za-z0-9_=.-]*(?:/[A-Za-z0-9_=-][A-Za-z0-9_=.-]*)*$',
    maxLength: 200,
    default: 'tocsin',
    expected:
      'names of letters, digits, dots, dashes, underscores and equals signs, with slashes between them',
    description: 'What the keys begin with, without a slash at either end.',
  }),
  endpoint: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s/?#@]+/?$',
      maxLength: 300,
      expected: 'a URL without a path',
      description:
        'Another S3-compatible store, or an endpoint in your network; http inside only. Absent: AWS.',
    }),
  ),
  pathStyle: Type.Optional(
    Type.Boolean({
      description:
        'Whether the bucket stands in the path instead of the host. Absent: with an endpoint of your own it does.',
    }),
  ),
  format: oneOf(recordFormats, { default: 'cloudevents', description: 'What each line holds.' }),
  compress: Type.Boolean({ default: true, description: 'Whether objects are compressed with gzip.' }),
  batchWait: duration({
    default: '1s',
    description:
      'For so long a delivery waits for others to share its object; no longer than half the time-out. `concurrency` is the most that share one.',
  }),
  encryption: Type.Optional(
    oneOf(['AES256', 'aws:kms', 'aws:kms:dsse'], {
      description: 'Server-side encryption to ask for. Absent: what the bucket does by itself.',
    }),
  ),
  kmsKeyId: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z0-9:/_-]{1,2048}$',
      description: 'The KMS key for aws:kms. Absent: that of the bucket.',
    }),
  ),
  bucketOwner: Type.Optional(
    Type.String({
      pattern: '^[0-9]{12}$',
      expected: 'an AWS account id of 12 digits',
      description: "The account that must own the bucket: what is put into a stranger's is refused.",
    }),
  ),
  ...awsCredentialSettings,
});
type Settings = Static<typeof settings>;

interface Line {
  readonly deliveryId: string;
  readonly text: string;
}

export const s3 = defineTarget({
  kind: 's3',
  summary: 'Puts events into a bucket of Amazon S3, or of a store that speaks as it does, as lines of JSON.',
  settings,
  check: (settings) => [...awsCredentialFaults(settings), ...storeFaults(settings)],
  checkStored: ownCredentialFaults,
  open(settings, context) {
    const { region, format } = settings;
    const put = awsService({ service: 's3', region, credentials: settings }, context);
    const batch = new Batch<Line>({
      recordsMax: context.concurrency,
      bytesMax: BATCH_BYTES_MAX,
      waitMs: Math.min(durationMs(settings.batchWait), context.timeoutMs * WAIT_SHARE_MAX),
      clock: context.clock,
      async write(lines, signal) {
        const body = await bodyOf(lines, settings);
        const url = `${baseOf(settings)}/${keyOf(lines, settings, context.clock.now())}`;
        // In a thread of its own, as the compression is: an object may be large.
        const sha256 = Buffer.from(await webcrypto.subtle.digest('SHA-256', body));
        return put({ method: 'PUT', url, headers: headersOf(settings, sha256), body, sha256 }, signal);
      },
    });
    // The notification in a record is its sender's own JSON, line breaks between its tokens and all.
    const lineOf = ({ event }: Job): string =>
      recordBody(format, event, context.publicUrl).replace(/[\r\n]+/g, ' ');
    return {
      send: (job, signal) => {
        const { deliveryId } = job;
        const text = lineOf(job);
        return batch.add({ deliveryId, text }, Buffer.byteLength(text), signal);
      },
      preview: (job) => ({ mediaType: 'application/x-ndjson', text: `${lineOf(job)}\n` }),
      close: () => Promise.resolve(),
    };
  },
});

async function bodyOf(lines: readonly Line[], { compress }: Settings): Promise<Buffer> {
  const text = Buffer.from(lines.map((line) => `${line.text}\n`).join(''));
  return compress ? promisify(gzip)(text) : text;
}

/**
 * The same records make the same key; other records make another, though the first be the same: a write that was
 * given up and arrives late must not replace one that was confirmed.
 */
function keyOf(lines: readonly Line[], { prefix, compress }: Settings, nowMs: number): string {
  const hour = new Date(nowMs).toISOString().slice(0, 13).replace(/[-T]/g, '/');
  const ids = lines.map(({ deliveryId }) => deliveryId);
  const name = `${ids[0]}-${sha256Hex(ids.join()).slice(0, 12)}.ndjson${compress ? '.gz' : ''}`;
  const key = [prefix, hour, name].filter((part) => part !== '').join('/');
  return key.split('/').map(encodeURIComponent).join('/');
}

function headersOf({ compress, encryption, kmsKeyId, bucketOwner }: Settings, sha256: Buffer) {
  return {
    'content-type': 'application/x-ndjson',
    'x-amz-checksum-sha256': sha256.toString('base64'),
    ...(compress ? { 'content-encoding': 'gzip' } : {}),
    ...(encryption === undefined ? {} : { 'x-amz-server-side-encryption': encryption }),
    ...(kmsKeyId === undefined ? {} : { 'x-amz-server-side-encryption-aws-kms-key-id': kmsKeyId }),
    ...(bucketOwner === undefined ? {} : { 'x-amz-expected-bucket-owner': bucketOwner }),
  };
}

/** With the bucket, without a trailing slash. */
function baseOf({ bucket, region, endpoint, pathStyle }: Settings): string {
  const base = new URL(endpoint ?? `https://s3.${region}.${awsDomain(region)}`);
  // A certificate for *.s3.… covers no name with a further dot in it.
  const inPath = pathStyle ?? (endpoint !== undefined || bucket.includes('.'));
  return inPath ? `${base.origin}/${bucket}` : `${base.protocol}//${bucket}.${base.host}`;
}

function storeFaults({ endpoint, encryption, kmsKeyId }: Settings): readonly Fault[] {
  return [
    ...(endpoint === undefined ? [] : urlFaults('endpoint', endpoint)),
    ...(kmsKeyId === undefined || encryption?.startsWith('aws:kms')
      ? []
      : [{ path: 'kmsKeyId', message: 'is of use with the encryption aws:kms or aws:kms:dsse only' }]),
  ];
}
