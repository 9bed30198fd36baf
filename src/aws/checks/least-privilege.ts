import { reads, type ReadName } from '../inventory/reads.ts';
import type { Check } from './check.ts';

/** An IAM policy document. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly {
    readonly Sid: 'TocsinReadOnly';
    readonly Effect: 'Allow';
    readonly Action: readonly string[];
    readonly Resource: '*';
  }[];
}

/** Whoever is read for: whose keys they are, and which regions there are. */
const ALWAYS: readonly ReadName[] = ['identity', 'regions'];

/**
 * The least that a principal must be allowed: for all that can be asked of an account, or for a scan with these checks
 * alone. By service, and by name within it. No object of S3's is ever read.
 */
export function leastPrivilegePolicy(checks?: readonly Check[]): PolicyDocument {
  const names = checks ? [...ALWAYS, ...checks.flatMap((check) => check.reads)] : allReads();
  const actions = new Set<string>(names.flatMap((name) => reads[name]));
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'TocsinReadOnly',
        Effect: 'Allow',
        Action: [...actions].toSorted(byServiceAndName),
        Resource: '*',
      },
    ],
  };
}

const isReadName = (name: string): name is ReadName => Object.hasOwn(reads, name);
const allReads = (): readonly ReadName[] => Object.keys(reads).filter(isReadName);

const services = ['sts', 'ec2', 'ecs', 's3', 'cloudwatch'];
const placeOf = (action: string): number => services.indexOf(action.split(':')[0] ?? '');

const byServiceAndName = (a: string, b: string): number =>
  placeOf(a) - placeOf(b) || (a < b ? -1 : Number(a > b));
