import { Type } from 'typebox';
import { Problem } from '../../kernel/problem.ts';
import type { Static } from '../../kernel/schema.ts';
import type { Principal } from '../principal.ts';
import { EXTERNAL_ID_PATTERN, ROLE_PATTERN } from '../settings.ts';
import { DEFAULT_REGION, knownRegions } from './regions.ts';

/** What travels in the headers and the query of a signed request: AWS gives out nothing else. */
const VISIBLE = '^[\\x21-\\x7e]+$';

const key = (maxLength: number, description: string) =>
  Type.String({ minLength: 1, maxLength, pattern: VISIBLE, description });

/** Nothing else is taken: above all no endpoint. */
export const loginBody = Type.Object(
  {
    aws_access_key_id: key(128, 'The access key id.'),
    aws_secret_access_key: key(256, 'Its secret.'),
    aws_session_token: Type.Optional(key(8_192, 'With temporary keys.')),
    aws_region: Type.Optional(
      Type.String({
        maxLength: 64,
        description: `Where questions go that name no region: ${DEFAULT_REGION}.`,
      }),
    ),
    role_arn: Type.Optional(
      Type.String({
        maxLength: 600,
        pattern: ROLE_PATTERN,
        description: 'A role to assume with the keys.',
      }),
    ),
    external_id: Type.Optional(
      Type.String({
        maxLength: 1_224,
        pattern: EXTERNAL_ID_PATTERN,
        description: "What the role's trust policy asks for.",
      }),
    ),
  },
  { additionalProperties: false },
);
export type LoginBody = Static<typeof loginBody>;

/** A JSON writer may spell a character as six. */
export const LOGIN_BYTES_MAX = 65_536;

export type KeyPrincipal = Extract<Principal, { kind: 'keys' }>;

/** With whose rights it is asked from now on. Problems: region_unknown, bad_request. */
export function principalOf(body: LoginBody): KeyPrincipal {
  const { aws_region: region = DEFAULT_REGION, role_arn: arn, external_id: externalId } = body;
  if (!knownRegions.has(region)) throw regionUnknown();
  if (externalId !== undefined && arn === undefined) {
    throw new Problem('bad_request', '"external_id" goes with "role_arn": send both or none.');
  }
  const sessionToken = body.aws_session_token;
  return {
    kind: 'keys',
    keys: {
      accessKeyId: body.aws_access_key_id,
      secretAccessKey: body.aws_secret_access_key,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
    ...(arn === undefined ? {} : { role: { arn, ...(externalId === undefined ? {} : { externalId }) } }),
    region,
  };
}

/** What was sent is not said back: it may be a key in the wrong place. */
const regionUnknown = (): Problem =>
  new Problem(
    'region_unknown',
    `"aws_region" is none of the ${knownRegions.size} regions of AWS, such as ${DEFAULT_REGION}.`,
  );

/** Of a key id that is long enough not to be told by it: its last four characters. */
export function keyEnding({ keys: { accessKeyId } }: KeyPrincipal): string {
  return accessKeyId.length < 16 ? '…' : `…${accessKeyId.slice(-4)}`;
}
