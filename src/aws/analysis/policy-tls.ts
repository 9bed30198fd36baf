import { lowerCase, selects } from './policy.ts';
import type { PolicyCondition, PolicyStatement } from './policy-document.ts';

/** Whether the policy denies everybody everything without TLS, on the bucket itself and on its objects. */
export function deniesPlaintext(statements: readonly PolicyStatement[], bucketArn: string): boolean {
  const denies = statements.filter(isPlaintextDeny);
  const isCovered = (place: string): boolean => denies.some(({ resources }) => selects(resources, place));
  return isCovered(bucketArn) && isCovered(`${bucketArn}/*`);
}

const isPlaintextDeny = ({ effect, principal, actions, conditions }: PolicyStatement): boolean =>
  effect === 'Deny' &&
  principal.isEveryone &&
  !principal.isAllBut &&
  selects(lowerCase(actions), 's3:*') &&
  conditions.every(holdsForPlaintext);

/** Every further condition spares somebody's plaintext. */
const holdsForPlaintext = ({ operator, key, values }: PolicyCondition): boolean =>
  operator === 'bool' &&
  key === 'aws:securetransport' &&
  values.some((value) => value.toLowerCase() === 'false');
