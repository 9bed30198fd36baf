import { expect, test } from 'vitest';
import { at, listAt, textAt } from '../support/ask.ts';
import { imageStage } from '../support/dockerfile.ts';
import { entriesOf, textsIn, yamlOf } from './promises.ts';

const workflow = yamlOf('.github/workflows/ci.yml');
const job = at(workflow, 'jobs', 'check');

test('may read the repository and nothing else', () => {
  expect(at(workflow, 'permissions')).toEqual({ contents: 'read' });
  expect(entriesOf(at(workflow, 'jobs')).map(([, one]) => at(one, 'permissions'))).toEqual([undefined]);
  expect(JSON.stringify(workflow)).not.toContain('secrets.');
});

test('uses actions by their commit', () => {
  const used = listAt(job, 'steps').flatMap((step) =>
    at(step, 'uses') === undefined ? [] : [textAt(step, 'uses')],
  );
  expect(used.length).toBeGreaterThan(0);
  expect(used.filter((action) => !/@[0-9a-f]{40}$/.test(action))).toEqual([]);
});

test('runs the same script as every other machine, on the oldest Node that is promised and on that of the image', () => {
  expect(
    listAt(job, 'steps')
      .map((step) => String(at(step, 'run')))
      .at(-1),
  ).toMatch(/ \.ci\/run$/);
  const versions = textsIn(at(job, 'strategy', 'matrix', 'node'));
  expect(versions[0]).toMatch(/^20\.\d+\.\d+$/);
  expect(imageStage().base).toContain(`:${versions[1]}-`);
});
