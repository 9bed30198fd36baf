import { Type } from 'typebox';
import { instant, nullable, oneOf, type Static, toInstant } from '../kernel/schema.ts';
import { type MessageFacts, referenceOf } from './message.ts';
import type { MessageLimits, Released } from './messages.ts';

/** The one version of the sealed format that there is (docs/sealed-format.md). */
export const SEALED_VERSION = 1;

/** Any case, as clients of the original wrote it; ours are in lower case. */
export const MESSAGE_ID_PATTERN =
  '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$';
/** 32 bytes; of the last character two bits are unused and 0, so that there is one text for each hash. */
const CLAIM_HASH_PATTERN = '^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$';
const TOKEN_CHARS_MAX = 256;

const messageId = Type.String({ description: 'A UUID. All that is needed to read a plain message.' });
const reference = Type.String({
  description: 'What receipts call it: made from the id, which cannot be found by it.',
});
const maxReads = nullable(Type.Integer({ description: 'Null: any number, until it expires.' }));
const readsLeft = nullable(Type.Integer({ description: 'How many may read it still. Null: any number.' }));
const sealedContent = {
  version: Type.Literal(SEALED_VERSION),
  ciphertext: Type.String({
    minLength: 1,
    pattern: '^[A-Za-z0-9_-]+$',
    description: 'The envelope, base64url without padding.',
  }),
};

/** What is asked for beside the content; its bounds are in the settings. */
export const newMessageWire = Type.Object(
  {
    message: Type.Optional(Type.String({ description: 'The text, for whoever has the link. Or `sealed`.' })),
    sealed: Type.Optional(
      Type.Object(
        {
          ...sealedContent,
          claim_hash: Type.String({
            pattern: CLAIM_HASH_PATTERN,
            description: "SHA-256 of the claim token's 32 bytes, base64url without padding.",
          }),
        },
        { additionalProperties: false, description: 'What was encrypted before it came here. Or `message`.' },
      ),
    ),
    expires_in: Type.Optional(
      Type.Integer({ description: 'Its life in whole seconds; the bounds are at /api/v1/messages/limits.' }),
    ),
    max_reads: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: 'How many may read it. Absent: any number, until it expires.',
      }),
    ),
  },
  { additionalProperties: false },
);

export const createdWire = Type.Object({
  message_id: messageId,
  reference,
  url: Type.String({
    description: 'Where it is read. Of a sealed one the key belongs behind it, after `#`.',
  }),
  expires_at: instant(),
  max_reads: maxReads,
  delete_token: Type.String({
    description: 'Deletes it, as the header Tocsin-Delete-Token. It is in this answer only.',
  }),
});

export const limitsWire = Type.Object({
  bytes_max: Type.Integer({
    description: 'Bytes of one content: of a text as UTF-8, of a ciphertext its characters.',
  }),
  expires_in: Type.Object(
    { min: Type.Integer(), default: Type.Integer(), max: Type.Integer() },
    { description: 'Seconds.' },
  ),
  reads_max: Type.Integer({ description: 'The most that `max_reads` may be.' }),
  create: oneOf(['everyone', 'operators'], { description: 'Who may make messages.' }),
});

/** What may be known of a message by whoever has its id: not its content. */
export const messageWire = Type.Object({
  message_id: messageId,
  reference,
  sealed: Type.Boolean(),
  version: Type.Optional(
    Type.Literal(SEALED_VERSION, { description: 'Of the sealed format; absent of a plain one.' }),
  ),
  max_reads: maxReads,
  reads_left: readsLeft,
  created_at: instant(),
  expires_at: instant(),
  bytes: Type.Integer({ description: 'Of its content.' }),
});

export const claimWire = Type.Object(
  {
    claim_token: Type.Optional(
      Type.String({
        maxLength: TOKEN_CHARS_MAX,
        description: 'Of a sealed message, base64url without padding. A plain one needs none.',
      }),
    ),
  },
  { additionalProperties: false },
);

export const releasedWire = Type.Union([
  Type.Object({ message_id: messageId, message: Type.String(), reads_left: readsLeft }),
  Type.Object({ message_id: messageId, sealed: Type.Object(sealedContent), reads_left: readsLeft }),
]);

export const toMessageWire = (facts: MessageFacts): Static<typeof messageWire> => ({
  message_id: facts.id,
  reference: referenceOf(facts.id),
  sealed: facts.kind === 'sealed',
  ...(facts.kind === 'sealed' ? { version: SEALED_VERSION } : {}),
  max_reads: facts.readsMax ?? null,
  reads_left: facts.readsLeft ?? null,
  created_at: toInstant(facts.createdAt),
  expires_at: toInstant(facts.expiresAt),
  bytes: facts.bytes,
});

export const toReleasedWire = ({ content, facts }: Released): Static<typeof releasedWire> => {
  const shared = { message_id: facts.id, reads_left: facts.readsLeft ?? null };
  return facts.kind === 'plain'
    ? { ...shared, message: content }
    : { ...shared, sealed: { version: SEALED_VERSION, ciphertext: content } };
};

export const toLimitsWire = (limits: MessageLimits): Static<typeof limitsWire> => ({
  bytes_max: limits.bytesMax,
  expires_in: secondsOf(limits),
  reads_max: limits.readsMax,
  create: limits.create,
});

/** Whole seconds within the bounds, whatever they are. */
export const secondsOf = ({ expiresInMs }: MessageLimits) => ({
  min: Math.ceil(expiresInMs.min / 1_000),
  default: Math.round(expiresInMs.default / 1_000),
  max: Math.floor(expiresInMs.max / 1_000),
});
