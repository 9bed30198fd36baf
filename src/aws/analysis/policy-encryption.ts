import { lowerCase, selects } from './policy.ts';
import type { PolicyCondition, PolicyStatement } from './policy-document.ts';

/** Whether the policy denies everybody to put objects with an encryption, or a key, that it does not name. */
export const deniesOtherEncryption = (statements: readonly PolicyStatement[], bucketArn: string): boolean =>
  statements.some(
    ({ effect, principal, actions, resources, conditions }) =>
      effect === 'Deny' &&
      principal.isEveryone &&
      !principal.isAllBut &&
      selects(lowerCase(actions), 's3:putobject') &&
      selects(resources, `${bucketArn}/*`) &&
      conditions.length === 1 &&
      conditions.every(isOtherEncryption),
  );

const KEYS = new Set(['s3:x-amz-server-side-encryption', 's3:x-amz-server-side-encryption-aws-kms-key-id']);

const isOtherEncryption = ({ operator, isNegated, key, values }: PolicyCondition): boolean =>
  KEYS.has(key) && isNegated && /^(?:string|arn)/.test(operator) && values.every((value) => value !== '*');
