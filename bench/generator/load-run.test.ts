import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { LoadPlan, LoadResult } from './load-plan.ts';
import { LoadRun } from './load-run.ts';
import { RequestSlab } from './request-slab.ts';
import { requestShapes } from './requests.ts';

const COUNT = 200;
let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Sends `COUNT` requests (closed) to a server that answers by `listener`. */
async function playAgainst(listener: RequestListener, plan: Partial<LoadPlan> = {}): Promise<LoadResult> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const slab = new RequestSlab(requestShapes.webhook, { port, run: 0, count: COUNT, signatureKey: 'a key' });
  const whole: LoadPlan = {
    port,
    shape: 'webhook',
    signatureKey: 'a key',
    run: 0,
    connections: 4,
    warmupSeconds: 0,
    seconds: 20,
    pace: { kind: 'closed', requestsMax: COUNT },
    ...plan,
  };
  return new LoadRun(whole, slab).play();
}

const number = (text: string): number => Number(/"event_id": "be7cbe7c\d{4}(\d{12})"/.exec(text)?.[1]);

describe('a run of the generator', () => {
  it('sends every prepared request once and counts every answer', async () => {
    const seen: number[] = [];
    const result = await playAgainst((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        seen.push(number(text));
        response.end('{"status":true}');
      });
    });
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: COUNT }, (_, index) => index));
    expect(result).toMatchObject({ sent: COUNT, accepted: COUNT, unanswered: 0, exhausted: true });
    expect(result.latency.count).toBe(COUNT);
  });

  it('does not count a refusal as accepted', async () => {
    let requests = 0;
    const result = await playAgainst((_request, response) => {
      response.writeHead(requests++ % 4 === 0 ? 401 : 200).end();
    });
    expect(result).toMatchObject({ accepted: COUNT - COUNT / 4, otherStatuses: { 401: COUNT / 4 } });
    expect(result.acceptedAt.filter((at) => Number.isNaN(at))).toHaveLength(COUNT / 4);
  });

  it('goes on over a server that closes every connection after its answer', async () => {
    const result = await playAgainst((_request, response) => {
      response.writeHead(200, { connection: 'close' }).end('ok');
    });
    expect(result).toMatchObject({ accepted: COUNT, unanswered: 0 });
  });

  it('counts what a broken connection left without an answer', async () => {
    let requests = 0;
    const result = await playAgainst((request, response) => {
      if (requests++ % 10 === 0) request.socket.destroy();
      else response.end('ok');
    });
    expect(result).toMatchObject({ sent: COUNT, accepted: COUNT - COUNT / 10, unanswered: COUNT / 10 });
  });

  it('measures an open loop from the schedule: waiting for a free connection is latency', async () => {
    const held: (() => void)[] = [];
    const answerMs = 5;
    const result = await playAgainst(
      (_request, response) => {
        held.push(() => response.end('ok'));
        setTimeout(() => held.shift()?.(), answerMs);
      },
      { connections: 1, seconds: 0.2, pace: { kind: 'open', perSecond: 1_000 } },
    );
    // One connection and 5 ms an answer: the 200th request, due after 0.2 s, cannot be answered before 1 s.
    expect(result.accepted).toBe(COUNT);
    expect(result.latency.max).toBeGreaterThan(COUNT * answerMs - 300);
  });
});
