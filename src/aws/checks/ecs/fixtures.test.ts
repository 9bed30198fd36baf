import { describe, expect, it } from 'vitest';
import { oneLine } from '../../../kernel/one-line.ts';
import { resultIn } from '../test-inventory.ts';
import { ecsChecks } from './index.ts';
import { regionFixtures } from './test-fixtures.ts';

describe.each(ecsChecks)('$id', (check) => {
  it.each(regionFixtures[check.id] ?? [])('says $status of $of', ({ region, status }) => {
    const result = resultIn(check, region);
    expect(result.status).toBe(status);
    expect(result.resource).toMatchObject({ region: 'eu-west-1', arn: expect.stringMatching(/^arn:aws:/) });
    expect(result.reason).toBe(oneLine(result.reason, 500));
    for (const { action } of result.failures ?? []) expect(result.reason).toContain(action);
  });
});
