import { afterEach, describe, expect, it } from 'vitest';
import { Receiver } from './receiver.ts';

let receiver: Receiver | undefined;
afterEach(() => receiver?.close());

async function deliver(port: number, eventId: string, webhookId: string): Promise<number> {
  const body = JSON.stringify({ specversion: '1.0', data: { event_id: eventId } });
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: { 'webhook-id': webhookId },
    body,
  });
  await response.arrayBuffer();
  return response.status;
}

const eventId = (run: number, sequence: number): string =>
  `be7cbe7c${String(run).padStart(4, '0')}${String(sequence).padStart(12, '0')}`;

describe('the sink', () => {
  it('tells different events from repeated deliveries, and counts only its run', async () => {
    receiver = await Receiver.start();
    const { port } = receiver;
    await receiver.begin(3, 10);
    expect(await deliver(port, eventId(3, 0), 'a')).toBe(200);
    await deliver(port, eventId(3, 0), 'a');
    await deliver(port, eventId(3, 9), 'b');
    await deliver(port, eventId(2, 5), 'c');
    const report = await receiver.drained(2);
    expect(report).toMatchObject({ deliveries: 3, events: 2, webhookIds: 2 });
    const arrived = [...report.receivedAt.keys()].filter((index) => !Number.isNaN(report.receivedAt[index]));
    expect(arrived).toEqual([0, 9]);
  });
});
