import { textOf } from '../fields.ts';

const REGION = /^[a-z]{2,3}(?:-[a-z]{2,10}){1,3}-\d$/;

/** `aws`, `aws-cn`, `aws-us-gov`, as a region's name shows it. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** An ARN out of its parts; undefined when the last is missing. */
export function arnOf(
  service: string,
  region: string | undefined,
  account: string | undefined,
  resource: string | undefined,
  partition = partitionOf(region ?? ''),
): string | undefined {
  return resource === undefined
    ? undefined
    : `arn:${partition}:${service}:${region ?? ''}:${account ?? ''}:${resource}`;
}

/** The region that an ARN names; undefined for what is no ARN or names none. */
export function regionIn(arn: unknown): string | undefined {
  const region = textOf(arn)?.slice(0, 200).split(':', 4)[3];
  return region !== undefined && REGION.test(region) ? region : undefined;
}

const CONSOLES: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/** A page of the AWS console; undefined when the region's name is none, so that no sender names the host. */
export function consoleLink(region: string | undefined, page: string, fragment: string): string | undefined {
  if (region === undefined || !REGION.test(region)) return undefined;
  const host = CONSOLES[partitionOf(region)] ?? CONSOLES['aws'];
  return `https://${region}.${host}/${page}?region=${region}#${fragment}`;
}
