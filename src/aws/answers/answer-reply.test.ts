import { expect, test } from 'vitest';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import type { Principal } from '../principal.ts';
import { AnswerCache } from './answer-cache.ts';
import { answerReply } from './answer-reply.ts';

const principal: Principal = { kind: 'configured', id: 'a', source: 'default', region: 'us-west-2' };

test('keys of a session that has just ended do not reach the thread, nor does anybody see its answers', async () => {
  const clock = new ManualClock();
  let asked = 0;
  const answers = new AnswerCache({
    clock,
    freshForMs: 60_000,
    staleForMs: 900_000,
    refused: () => {},
    async ask() {
      asked += 1;
      return { kind: 'answered', body: new TextEncoder().encode('{}'), tag: '"t"', readAt: clock.now() };
    },
  });
  let isOver = false;
  const asker = {
    kind: 'session',
    owner: 'session/a',
    principal,
    region: 'us-west-2',
    account: { number: '123456789012' },
    isOver: () => isOver,
  } as const;
  const ask = () => answerReply({ answers, clock }, { asker, question: { name: 'regions' }, headers: {} });
  expect((await ask()).status).toBe(200);
  isOver = true;
  await expect(ask()).rejects.toMatchObject({ code: 'unauthorized' });
  expect(asked).toBe(1);
});
