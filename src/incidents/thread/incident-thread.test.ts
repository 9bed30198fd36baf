import { describe, expect, it } from 'vitest';
import { reportOf } from '../report.ts';
import { pushedFeed } from '../run/test-feeds.ts';
import { ThreadEnded } from '../../kernel/work-thread.ts';
import { IncidentThread } from './incident-thread.ts';

const feed = pushedFeed();
const body = (timestamp: number): Buffer =>
  Buffer.from(JSON.stringify([{ type: 'misuse', priority: 'low', employee_id: 7, timestamp }]));

describe('the thread of the incident feeds', () => {
  it('does what it is asked in order, and makes a document only when there is another one', async () => {
    const thread = new IncidentThread({ feeds: [feed], reports: [] });
    const push = (timestamp: number) =>
      thread.call({ kind: 'push', feed: feed.id, body: body(timestamp), now: 0 });
    const [first, second, made] = await Promise.all([push(1), push(1), thread.call({ kind: 'document' })]);
    expect([first, second]).toMatchObject([
      { taken: 1, repeats: 0 },
      { taken: 0, repeats: 1 },
    ]);
    expect(made?.incidents).toBe(1);
    expect(await thread.call({ kind: 'document' })).toBeUndefined();
    await thread.close();
  });

  it('rejects what is a bug and goes on', async () => {
    const thread = new IncidentThread({ feeds: [feed], reports: [] });
    await expect(thread.call({ kind: 'report', feed: 'nowhere' })).rejects.toThrow('no feed nowhere');
    expect((await thread.call({ kind: 'report', feed: feed.id })).id).toBe(feed.id);
    await thread.close();
  });

  it('that dies rejects what it was asked and what it is asked then, and says so', async () => {
    // Of no version: nothing that anybody sends comes this far.
    const broken = reportOf(`{"id":"${feed.id}","types":[null]}`);
    const thread = new IncidentThread({ feeds: [feed], reports: broken === undefined ? [] : [broken] });
    const asked = thread.call({ kind: 'document' });
    await expect(asked).rejects.toThrow(ThreadEnded);
    expect(await thread.ended).toBeInstanceOf(ThreadEnded);
    await expect(thread.call({ kind: 'document' })).rejects.toThrow(ThreadEnded);
    await thread.close();
  });

  it('that is closed rejects what is asked of it then', async () => {
    const thread = new IncidentThread({ feeds: [feed], reports: [] });
    await thread.close();
    await expect(thread.call({ kind: 'document' })).rejects.toThrow(ThreadEnded);
  });
});
