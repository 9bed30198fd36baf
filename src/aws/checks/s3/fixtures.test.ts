import { describe, expect, it } from 'vitest';
import { read } from '../../inventory/reading.ts';
import { NO_BLOCK } from '../../inventory/s3.ts';
import { accountOf, contextOf, identity } from '../test-inventory.ts';
import { resultOf } from '../test-s3.ts';
import { accountBpa } from './account-bpa.ts';
import { s3Checks } from './index.ts';
import { accountFixtures, bucketFixtures, unlistedBuckets } from './test-fixtures.ts';

describe.each(s3Checks.filter((check) => check !== accountBpa))('$id', (check) => {
  it.each(bucketFixtures[check.id] ?? [])('says $status of $of', ({ bucket, block, status, severity }) => {
    const result = resultOf(check, bucket, block);
    expect(result.status).toBe(status);
    expect(result.severity ?? check.severity).toBe(severity ?? check.severity);
    expect(result.resource).toEqual({
      type: 'bucket',
      arn: `arn:aws:s3:::${bucket.name}`,
      name: bucket.name,
      region: 'eu-west-1',
    });
    expect(result.reason.length).toBeGreaterThan(5);
    expect(result.reason.length).toBeLessThanOrEqual(500);
  });

  it('says UNKNOWN with the missing action where the buckets could not be listed', () => {
    const [run] = check.run(contextOf(accountOf({ buckets: unlistedBuckets })));
    expect(run?.isWhole).toBe(false);
    expect(run?.results).toMatchObject([
      { status: 'UNKNOWN', failures: [{ action: 's3:ListAllMyBuckets' }] },
    ]);
  });

  it('names the action that is missing in each UNKNOWN', () => {
    for (const { status, bucket, block } of bucketFixtures[check.id] ?? []) {
      if (status !== 'UNKNOWN') continue;
      const { failures, reason } = resultOf(check, bucket, block);
      expect(failures?.length).toBeGreaterThan(0);
      for (const { action } of failures ?? []) expect(reason).toContain(action);
    }
  });
});

describe(accountBpa.id, () => {
  it.each(accountFixtures)('says $status of $of', ({ block, status }) => {
    const account = accountOf({ accountPublicAccessBlock: block ?? read(NO_BLOCK) });
    const [run] = accountBpa.run(contextOf(account));
    expect(run).toMatchObject({ place: 'global', isWhole: true });
    expect(run?.results).toMatchObject([
      { status, resource: { type: 'account', arn: 'arn:aws:iam::123456789012:root', region: 'global' } },
    ]);
    expect(run?.results[0]?.resource.name).toBe(identity.accountId);
  });
});
