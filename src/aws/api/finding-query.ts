import { Type } from 'typebox';
import { oneOf } from '../../kernel/schema.ts';
import {
  type CheckedService,
  checkedServices,
  type CheckFacts,
  type CheckSeverity,
  severities,
} from '../checks/check.ts';
import { type FindingState, findingStates } from '../findings/finding.ts';
import type { FindingFilter } from '../findings/port.ts';
import { ACCOUNT_ID_PATTERN, CHECK_ID_PATTERN } from './findings-wire.ts';

/** Text without control characters: a store refuses some of them, and nothing is found by one. */
const plainText = (lengthMax: number, description: string) =>
  Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: lengthMax,
      pattern: String.raw`^[^\u0000-\u001f\u007f]*$`,
      description,
    }),
  );

export const accountQuery = {
  accountId: Type.Optional(Type.String({ pattern: ACCOUNT_ID_PATTERN, description: "AWS's twelve digits." })),
};

/** Every filter of findings; all that is given must hold. */
export const findingQuery = {
  ...accountQuery,
  check: Type.Optional(
    Type.String({ pattern: CHECK_ID_PATTERN, description: 'Its id: `s3.public-policy`.' }),
  ),
  service: Type.Optional(oneOf(checkedServices)),
  severity: Type.Optional(oneOf(severities, { description: 'Exactly this.' })),
  severityMin: Type.Optional(oneOf(severities, { description: 'At least this.' })),
  state: Type.Optional(oneOf(findingStates)),
  muted: Type.Optional(Type.Boolean({ description: 'Muted now, or not.' })),
  region: plainText(64, "The resource's; `global` for what has none."),
  resource: plainText(2_048, "The resource's ARN."),
  framework: plainText(64, 'Of checks for its controls: `cis-aws`.'),
  version: plainText(32, "The framework's."),
  control: plainText(64, 'One control: `EC2.13`.'),
  text: plainText(256, "Occurs in the reason, the resource's name or its ARN, whatever the case."),
};

/** The filters of a query, as their schemas have checked them. */
export interface TypedFilter {
  readonly accountId?: string;
  readonly check?: string;
  readonly service?: CheckedService;
  readonly severity?: CheckSeverity;
  readonly severityMin?: CheckSeverity;
  readonly state?: FindingState;
  readonly muted?: boolean;
  readonly region?: string;
  readonly resource?: string;
  readonly framework?: string;
  readonly version?: string;
  readonly control?: string;
  readonly text?: string;
}

/** Frameworks are the checks for their controls. */
export function toFilter(
  { accountId, check, framework, version, control, ...same }: TypedFilter,
  checks: readonly CheckFacts[],
): FindingFilter {
  const isWanted = (name: string | undefined, value: string): boolean => name === undefined || name === value;
  const ofFrameworks = checks.filter(({ controls }) =>
    controls.some(
      (one) =>
        isWanted(framework, one.framework) &&
        isWanted(version, one.version) &&
        isWanted(control, one.control),
    ),
  );
  const named = [framework, version, control].some((part) => part !== undefined);
  const ids = ofFrameworks.map(({ id }) => id).filter((id) => isWanted(check, id));
  return {
    ...same,
    ...(accountId === undefined ? {} : { account: accountId }),
    ...(named ? { checks: ids } : check === undefined ? {} : { checks: [check] }),
  };
}
