import type { Subject } from '../../events/event.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { firstText, itemsOf, objectOf, textOf } from '../fields.ts';
import { arnOf, partitionOf } from './arn.ts';

interface Place {
  readonly account: string | undefined;
  readonly region: string | undefined;
}
type Reader = (resource: JsonObject, place: Place) => Subject | undefined;

/** By `resourceType`, as a finding names details of several resources: the instance that used the key, too. */
const READERS: Readonly<Record<string, Reader>> = {
  Instance: (resource, { account, region }) => {
    const id = textOf(objectOf(resource['instanceDetails'])['instanceId']);
    return named(arnOf('ec2', region, account, id === undefined ? undefined : `instance/${id}`), id);
  },
  AccessKey: (resource, place) => principal(objectOf(resource['accessKeyDetails']), place),
  S3Bucket: (resource) => {
    const bucket = objectOf(itemsOf(resource['s3BucketDetails'], 1)[0]);
    return named(bucket['arn'], bucket['name']);
  },
  EKSCluster: (resource) => ofArn(resource['eksClusterDetails'], 'arn', 'name'),
  ECSCluster: (resource) => ofArn(resource['ecsClusterDetails'], 'arn', 'name'),
  Lambda: (resource) => ofArn(resource['lambdaDetails'], 'functionArn', 'functionName'),
  RDSDBInstance: (resource) =>
    ofArn(resource['rdsDbInstanceDetails'], 'dbInstanceArn', 'dbInstanceIdentifier'),
};

/** The resource that a finding is about, by its ARN; else of an attack sequence the first, else the account. */
export function guardDutySubject(
  finding: JsonObject,
  account: string | undefined,
  region: string | undefined,
): Subject | undefined {
  const resource = objectOf(finding['resource']);
  const type = textOf(resource['resourceType']) ?? '';
  const first = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
  const readers = first === undefined ? Object.values(READERS) : [first, ...Object.values(READERS)];
  for (const read of readers) {
    const subject = read(resource, { account, region });
    if (subject !== undefined) return subject;
  }
  return ofSequence(finding) ?? (account === undefined ? undefined : { kind: 'account', id: account });
}

function ofSequence(finding: JsonObject): Subject | undefined {
  const sequence = objectOf(objectOf(objectOf(finding['service'])['detection'])['sequence']);
  const first = objectOf(itemsOf(sequence['resources'], 1)[0]);
  return named(first['uid'], first['name']);
}

/** Who the key belongs to. */
function principal(key: JsonObject, { account, region }: Place): Subject | undefined {
  const user = textOf(key['userName']);
  const partition = partitionOf(region ?? '');
  const iam = (resource: string) => arnOf('iam', '', account, resource, partition);
  if (key['userType'] === 'Root') return named(iam('root'), user);
  if (user === undefined) return named(undefined, firstText(key['principalId'], key['accessKeyId']));
  if (key['userType'] === 'IAMUser') return named(iam(`user/${user}`), user);
  return key['userType'] === 'AssumedRole' || key['userType'] === 'Role'
    ? named(iam(`role/${user}`), user)
    : named(undefined, user);
}

function ofArn(details: unknown, arn: string, name: string): Subject | undefined {
  const record = objectOf(details);
  return named(record[arn], record[name]);
}

function named(arn: unknown, name: unknown): Subject | undefined {
  const id = firstText(arn, name);
  const called = textOf(name);
  if (id === undefined) return undefined;
  return called === undefined ? { kind: 'resource', id } : { kind: 'resource', id, name: called };
}
