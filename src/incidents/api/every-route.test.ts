import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { at } from '../../../tests/support/ask.ts';
import { hostileValues } from '../../../tests/journeys/hostile-input.ts';
import { problemsOf } from '../../http/openapi.ts';
import { incidentRoutes } from './http.ts';
import { storedIncident } from './test-reader.ts';
import { IncidentStage } from './test-stage.ts';

const stage = new IncidentStage();
beforeAll(() => stage.open());
beforeEach(() => stage.reset());
afterAll(() => stage.close());

const paths = [
  '/api/v1/incidents',
  '/api/v1/incidents/unresolved',
  '/api/v1/incidents/invalid',
  '/api/v1/incidents/counts',
  '/api/v1/incidents/employees',
  '/api/v1/incidents/employees/7',
  '/api/v1/incidents/export',
  '/api/v1/incidents/inc_0123456789abcdef0123456789abcdef01234567',
];

test.each([...paths, '/api/v1/incidents/status'])(
  '%s is an operator’s alone, and HEAD goes as GET does',
  async (path) => {
    stage.reader.incidents = [storedIncident({ id: 'inc_0123456789abcdef0123456789abcdef01234567' })];
    expect((await stage.server.ask({ path })).status).toBe(401);
    const got = await stage.server.operator(path);
    const head = await stage.server.operator(path, { method: 'HEAD' });
    expect([got.status, head.status, head.text]).toEqual([200, 200, '']);
    expect(head.headers['content-type']).toBe(got.headers['content-type']);
  },
);

test.each(paths)('%s says when the store is away, and when to come again', async (path) => {
  stage.reader.away();
  const { status, json, headers } = await stage.server.operator(path);
  expect([status, at(json, 'code')]).toEqual([503, 'store_unavailable']);
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
});

test('no value of any parameter is too much for its route, nor reaches the store as a NUL', async () => {
  const seen: string[] = [];
  const find = stage.reader.find.bind(stage.reader);
  stage.reader.find = (filter, limit, after) => {
    seen.push(JSON.stringify([filter, after]));
    return find(filter, limit, after);
  };
  for (const route of incidentRoutes(stage.options)) {
    expect(problemsOf(route)).toContain('store_unavailable');
    const path = route.path.replace(/\{\w+\}/, '7');
    for (const name of Object.keys(route.query?.properties ?? {})) {
      for (const value of [...hostileValues, 'a%00b']) {
        const { status } = await stage.server.operator(`${path}?${name}=${value}`);
        expect(status, `${path}?${name}=${value}`).toBeLessThan(500);
      }
    }
    for (const value of hostileValues.filter((one) => one !== '')) {
      const { status } = await stage.server.operator(route.path.replace(/\{\w+\}/, value));
      expect(status, `${route.path} ${value}`).toBeLessThan(500);
    }
  }
  expect(seen.join('\n')).not.toMatch(/\\u00[01]/);
});
