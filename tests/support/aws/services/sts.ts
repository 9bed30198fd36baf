import { AssumeRole$, GetCallerIdentity$ } from '@aws-sdk/client-sts';
import type { Operation } from '../operation.ts';

export const stsOperations: readonly Operation[] = [
  {
    service: 'sts',
    name: 'GetCallerIdentity',
    action: 'sts:GetCallerIdentity',
    schema: GetCallerIdentity$,
    isKept: false,
    answer: (_, { key }) => ({ UserId: key.userId, Account: key.accountId, Arn: key.principalArn }),
  },
  {
    service: 'sts',
    name: 'AssumeRole',
    action: 'sts:AssumeRole',
    schema: AssumeRole$,
    isKept: false,
    answer: (asked, { assumeRole }) => {
      const key = assumeRole(asked.text('RoleArn') ?? '', asked);
      return {
        Credentials: {
          AccessKeyId: key.id,
          SecretAccessKey: key.secret,
          SessionToken: key.sessionToken,
          Expiration: new Date(key.expiresAt ?? 0),
        },
        AssumedRoleUser: { AssumedRoleId: key.userId, Arn: key.principalArn },
        PackedPolicySize: 6,
      };
    },
  },
];
