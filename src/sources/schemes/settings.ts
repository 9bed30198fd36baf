import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { duration, oneOf, secretText, type Static } from '../../kernel/schema.ts';

/** The names of all ways of proving a request genuine, in the order of the reference. */
export const schemeNames = [
  'sqreen',
  'standard',
  'github',
  'stripe',
  'slack',
  'sns',
  'hmac',
  'bearer',
  'mtls',
] as const;
export type SchemeName = (typeof schemeNames)[number];

/** A token of RFC 9110, section 5.6.2. */
const HEADER_NAME = "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$";

/** What every source has beside its kind's own settings: how a request is proved genuine. */
export const verificationSettings = Type.Object({
  scheme: Type.Optional(
    oneOf(schemeNames, {
      description: "How a request proves itself genuine. Absent: as the kind's own sender does it.",
    }),
  ),
  key: Type.Optional(
    secretText({
      description: "The secret shared with the sender; for `standard` with ed25519 the sender's public key.",
    }),
  ),
  previousKey: Type.Optional(
    secretText({ description: 'A second one that is taken as well while the secret is being replaced.' }),
  ),
  tolerance: Type.Optional(
    duration({
      description:
        'How far a signed time may be from ours, before or after; beyond it a request is refused. Absent: 5m; for `sns`, whose retries bear the first time, 65m.',
    }),
  ),
  signature: Type.Optional(
    Type.Object(
      {
        header: Type.String({
          pattern: HEADER_NAME,
          expected: 'the name of a header',
          description: 'The header that holds the signature (`hmac`) or the token (`bearer`).',
        }),
        prefix: Type.Optional(
          Type.String({
            maxLength: 60,
            description: 'What stands before the signature or the token: `sha256=`. Absent: nothing.',
          }),
        ),
        algorithm: Type.Optional(
          oneOf(['sha256', 'sha384', 'sha512', 'sha1'], {
            description:
              'The hash of the HMAC. Absent: sha256. sha1 only for senders that know nothing better.',
          }),
        ),
        encoding: Type.Optional(
          oneOf(['hex', 'base64', 'base64url'], { description: 'How it is written. Absent: hex.' }),
        ),
        timestampHeader: Type.Optional(
          Type.String({
            pattern: HEADER_NAME,
            expected: 'the name of a header',
            description: 'The header that holds the signed time, in Unix seconds. Absent: no time is signed.',
          }),
        ),
        separator: Type.Optional(
          Type.String({
            maxLength: 10,
            description: 'What stands between the signed time and the body. Absent: a full stop.',
          }),
        ),
      },
      { additionalProperties: false, description: 'How `hmac` and `bearer` read a request.' },
    ),
  ),
  certificates: Type.Optional(
    Type.Array(
      Type.String({
        pattern: '^[0-9a-fA-F]{2}(?::?[0-9a-fA-F]{2}){31}$',
        expected: 'a SHA-256 fingerprint in hex',
      }),
      {
        minItems: 1,
        maxItems: 20,
        description:
          'SHA-256 fingerprints of the client certificates that `mtls` takes. Absent: any of the authority.',
      },
    ),
  ),
  topics: Type.Optional(
    Type.Array(Type.String({ minLength: 20, maxLength: 256 }), {
      minItems: 1,
      maxItems: 20,
      description: 'ARNs of the SNS topics that `sns` takes messages and subscriptions of.',
    }),
  ),
});
export type VerificationSettings = Static<typeof verificationSettings>;
export type SignatureSettings = NonNullable<VerificationSettings['signature']>;
export const defaultVerification: Readonly<VerificationSettings> = Value.Create(verificationSettings);
