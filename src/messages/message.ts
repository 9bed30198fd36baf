import { sha256Hex } from '../kernel/secret.ts';

/** `plain`: the server has the text. `sealed`: it has only what was encrypted before it came (src/sealed). */
export const messageKinds = ['plain', 'sealed'] as const;
export type MessageKind = (typeof messageKinds)[number];

/** What is known of a message without its content. */
export interface MessageFacts {
  /** A UUIDv4 in lower case: unguessable, and all that is needed to read a plain message. */
  readonly id: string;
  readonly kind: MessageKind;
  /** How many may read it in all; undefined: as many as like, until it expires. */
  readonly readsMax: number | undefined;
  /** How many still may; undefined like `readsMax`. Never 0: then the message is gone. */
  readonly readsLeft: number | undefined;
  /** Unix ms. */
  readonly createdAt: number;
  /** Unix ms; from then on it is as if it had never been. */
  readonly expiresAt: number;
  /** Bytes of its content as UTF-8. */
  readonly bytes: number;
  /** The operator who made it, whom receipts are for; undefined: nobody known, and no receipts. */
  readonly maker: MessageMaker | undefined;
}

/** Of an operator's token: what receipts may name. */
export interface MessageMaker {
  readonly id: string;
  readonly name: string;
}

/** A message as it is kept. Hashes are SHA-256 in lower-case hex of tokens that are not kept. */
export interface Message extends MessageFacts {
  /** The text, or the sealed envelope in base64url. */
  readonly content: string;
  /** Of the token that a claim must bring; undefined: whoever has the link may claim. */
  readonly claimHash: string | undefined;
  /** Of the token that deletes it; undefined: only its end does. */
  readonly deleteHash: string | undefined;
}

/** What became of a message, told as an event. */
export const receiptKinds = ['created', 'read', 'burned', 'expired', 'wrong_key'] as const;
export type ReceiptKind = (typeof receiptKinds)[number];

/**
 * What a message is called where its id must not stand: the id alone opens a plain one. Twelve hex digits of a hash,
 * from which nobody finds 122 random bits.
 */
export const referenceOf = (id: string): string => sha256Hex(id).slice(0, 12);

/** Whether a claim with this hash gets the content. Of hashes, not tokens: how long it takes tells nothing of use. */
export const mayClaim = ({ claimHash }: Pick<Message, 'claimHash'>, brought: string | undefined): boolean =>
  claimHash === undefined || claimHash === brought;

/** Whether anybody with the link reads it, as often as they like, and nothing is counted. */
export const isForAll = ({ kind, readsMax }: MessageFacts): boolean =>
  kind === 'plain' && readsMax === undefined;

/** What may be shown of it. */
export const factsOf = ({
  id,
  kind,
  readsMax,
  readsLeft,
  createdAt,
  expiresAt,
  bytes,
  maker,
}: MessageFacts): MessageFacts => ({
  id,
  kind,
  readsMax,
  readsLeft,
  createdAt,
  expiresAt,
  bytes,
  maker,
});
