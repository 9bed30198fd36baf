import type { PublicAccessBlock } from '../../inventory/s3.ts';

/** The four flags by the names that AWS shows. */
export const blockFlags = [
  ['blockPublicAcls', 'BlockPublicAcls'],
  ['ignorePublicAcls', 'IgnorePublicAcls'],
  ['blockPublicPolicy', 'BlockPublicPolicy'],
  ['restrictPublicBuckets', 'RestrictPublicBuckets'],
] as const satisfies readonly (readonly [keyof PublicAccessBlock, string])[];

export const flagsOff = (block: PublicAccessBlock): readonly string[] =>
  blockFlags.flatMap(([flag, name]) => (block[flag] ? [] : [name]));
