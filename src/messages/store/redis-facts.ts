import { type MessageFacts, messageKinds } from '../message.ts';

/** What stands beside a message in Redis: its bytes, which the scripts sum up, and what else is known of it. */
export const factsText = ({ kind, readsMax, createdAt, expiresAt, bytes, maker }: MessageFacts): string =>
  `${bytes} ${JSON.stringify([kind, readsMax, createdAt, expiresAt, maker?.id, maker?.name])}`;

/** `left`: as it is kept beside them, '' for a message that is not counted. */
export function factsFrom(id: string, text: string, left: string): MessageFacts {
  const parsed: unknown = JSON.parse(text.slice(text.indexOf(' ')));
  const [kind, readsMax, createdAt, expiresAt, makerId, makerName]: readonly unknown[] = Array.isArray(parsed)
    ? parsed
    : [];
  return {
    id,
    kind: messageKinds.find((each) => each === kind) ?? 'sealed',
    readsMax: typeof readsMax === 'number' ? readsMax : undefined,
    readsLeft: left === '' ? undefined : Number(left),
    createdAt: Number(createdAt),
    expiresAt: Number(expiresAt),
    bytes: Number.parseInt(text, 10),
    maker: typeof makerId === 'string' ? { id: makerId, name: String(makerName) } : undefined,
  };
}
