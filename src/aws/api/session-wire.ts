import { Type } from 'typebox';
import { instant, nullable, type Static, toInstant } from '../../kernel/schema.ts';
import type { AwsSession } from '../session/aws-sessions.ts';

export const awsSessionWire = Type.Object({
  expires_at: instant('When it ends by itself.'),
  account_id: Type.String({ description: 'Twelve digits.' }),
  arn: Type.String({ description: 'Whose keys they are, or the role that they took.' }),
  region: Type.String({ description: 'Where questions go that name no region.' }),
  role_arn: nullable(Type.String({ description: 'The role that is assumed with the keys.' })),
});

/** Never a key, nor a part of one. */
export const toAwsSessionWire = ({
  principal,
  identity,
  expiresAt,
}: AwsSession): Static<typeof awsSessionWire> => ({
  expires_at: toInstant(expiresAt),
  account_id: identity.accountId,
  arn: identity.arn,
  region: principal.region,
  role_arn: principal.role?.arn ?? null,
});
