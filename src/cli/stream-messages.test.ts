import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMessages, type StreamMessage } from './stream-messages.ts';

async function* inChunks(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let n = 0; at < bytes.length; n++) yield bytes.subarray(at, (at += sizes[n % sizes.length] ?? 1));
}

async function read(text: string, sizes: readonly number[] = [1_000]): Promise<StreamMessage[]> {
  const messages: StreamMessage[] = [];
  for await (const message of readMessages(inChunks(Buffer.from(text), sizes))) messages.push(message);
  return messages;
}

const TEXT =
  ': hello\nretry: 1\n\nid: 1\ndata: é\u{1f680}\ndata:two\n\nevent: gap\ndata\n\r\nid\ndata: x\r\rdata: y: z\r\n\r\ndata: cut';

test('takes names, marks and lines as the standard has them', async () => {
  expect(await read(TEXT)).toEqual([
    { event: 'message', lastId: '1', data: 'é\u{1f680}\ntwo' },
    { event: 'gap', lastId: '1', data: '' },
    { event: 'message', lastId: '', data: 'x' },
    { event: 'message', lastId: '', data: 'y: z' },
  ]);
});

test('takes the same out of it however it is cut into pieces', async () => {
  const whole = await read(TEXT);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), async (sizes) => {
      expect(await read(TEXT, sizes)).toEqual(whole);
    }),
  );
});

test('keeps no message without end', async () => {
  await expect(read(`data: ${'x'.repeat(5_000_000)}`, [100_000])).rejects.toThrow(RangeError);
});
