import { once } from 'node:events';
import { get } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { at } from '../../../tests/support/ask.ts';
import { until } from '../../../tests/support/until.ts';
import { storedIncident } from './test-reader.ts';
import { IncidentStage, NOW } from './test-stage.ts';

const stage = new IncidentStage();
beforeAll(() => stage.open());
beforeEach(() => stage.reset());
afterAll(() => stage.close());

describe('an export', () => {
  beforeEach(() => {
    stage.reader.incidents = Array.from({ length: 450 }, (_, n) => storedIncident({ timestamp: NOW - n }));
  });

  test('is a file of all that fits a filter, whole', async () => {
    const ndjson = await stage.server.operator('/api/v1/incidents/export?employee=7');
    expect(ndjson.text.trimEnd().split('\n')).toHaveLength(450);
    expect(ndjson.headers).toMatchObject({
      'content-type': 'application/x-ndjson',
      'content-disposition': 'attachment; filename="tocsin-incidents.ndjson"',
    });
    const csv = await stage.server.operator('/api/v1/incidents/export?format=csv&employee=8');
    expect(csv.text).toMatch(/^id,feed,[\w,]+,record\r\n$/);
    expect(csv.headers['content-type']).toMatch(/^text\/csv/);
    expect(csv.headers['content-disposition']).toMatch(/\.csv"$/);
  });

  test('that the store fails in the middle is cut, so that nobody takes half for the whole', async () => {
    stage.reader.before = () => {
      if (stage.reader.asked > 1) stage.reader.away();
      if (stage.reader.asked > 1) stage.reader.before();
    };
    const ended = stage.server.operator('/api/v1/incidents/export');
    await expect(ended).rejects.toThrow(/aborted|hang up|ECONNRESET/);
    expect(stage.logged).toContain('an export of incidents was cut');
  });

  test('that the store fails before its first word is an ordinary refusal', async () => {
    stage.reader.away();
    const { status, json } = await stage.server.operator('/api/v1/incidents/export');
    expect([status, at(json, 'code')]).toEqual([503, 'store_unavailable']);
  });

  test('asks the store for nothing more once its stage.reader is slow or gone', async () => {
    const record = `{"a":"${'x'.repeat(16_000)}"}`;
    stage.reader.incidents = Array.from({ length: 6_000 }, (_, n) =>
      storedIncident({ timestamp: NOW - n, record }),
    );
    const asked = get(`${stage.server.url}/api/v1/incidents/export`, {
      headers: { authorization: stage.server.authorization },
    });
    const [response] = await once(asked, 'response');
    response.pause();
    // Nobody reads: what the sockets hold is full after a few pages of 3 MB.
    let before = 0;
    await until('the export to stand still', async () => {
      const isStill = stage.reader.asked === before && before > 0;
      before = stage.reader.asked;
      return isStill;
    });
    expect(stage.reader.asked).toBeLessThan(15);
    response.destroy();
    await until(
      'the server to let go',
      async () => (await stage.server.operator('/api/v1/incidents?limit=1')).status === 200,
    );
    expect(stage.reader.asked).toBeLessThan(18);
  });
});
