import { describe, expect, it } from 'vitest';
import { oneLine } from '../../../kernel/one-line.ts';
import { resultIn } from '../test-inventory.ts';
import { netChecks } from './index.ts';
import { netFixtures } from './test-fixtures.ts';

describe.each(netChecks.map((check) => [check.id, check] as const))('%s', (id, check) => {
  const fixtures = netFixtures[id] ?? [];

  it.each(fixtures.map(({ status, of, region }) => [status, of, region] as const))(
    'says %s of %s',
    (status, _of, region) => {
      const result = resultIn(check, region);
      expect(result.status, result.reason).toBe(status);
      expect(result.reason).toBe(oneLine(result.reason, 500));
      expect(result.failures !== undefined).toBe(status === 'UNKNOWN');
    },
  );

  it('has a fixture that passes, one that fails and one that cannot be judged', () => {
    expect(fixtures.map(({ status }) => status)).toEqual(expect.arrayContaining(['PASS', 'FAIL', 'UNKNOWN']));
  });
});
