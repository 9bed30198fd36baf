import type { SqlValue } from '../../storage/statement.ts';
import { type Message, type MessageFacts, messageKinds } from '../message.ts';

/** `messages` without its content. */
export interface MessageRow {
  readonly id: string;
  readonly kind: string;
  readonly reads_max: number | null;
  readonly reads_left: number | null;
  readonly created_at: number;
  readonly expires_at: number;
  readonly bytes: number;
  readonly maker_id: string | null;
  readonly maker_name: string | null;
  readonly claim_hash: string | null;
  readonly delete_hash: string | null;
}
export type MessageTables = { messages: MessageRow & { readonly content: string } };

export const factColumns = [
  'id',
  'kind',
  'reads_max',
  'reads_left',
  'created_at',
  'expires_at',
  'bytes',
  'maker_id',
  'maker_name',
] as const;

export const factsOfRow = (row: Pick<MessageRow, (typeof factColumns)[number]>): MessageFacts => ({
  id: row.id,
  kind: messageKinds.find((kind) => kind === row.kind) ?? 'sealed',
  readsMax: row.reads_max ?? undefined,
  readsLeft: row.reads_left ?? undefined,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  bytes: row.bytes,
  maker: row.maker_id === null ? undefined : { id: row.maker_id, name: row.maker_name ?? '' },
});

/** The row of `messageStatements.put`; `content` as it rests. */
export const rowOf = (message: Message, content: string): readonly SqlValue[] => [
  message.id,
  message.kind,
  message.readsMax ?? null,
  message.readsLeft ?? null,
  message.createdAt,
  message.expiresAt,
  message.bytes,
  message.maker?.id ?? null,
  message.maker?.name ?? null,
  message.claimHash ?? null,
  message.deleteHash ?? null,
  content,
];
