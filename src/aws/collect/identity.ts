import type { CallerIdentity } from '../inventory/account.ts';
import { type Reading, unread } from '../inventory/reading.ts';
import type { Caller } from './call.ts';
import { ec2Value } from './ec2-list.ts';
import { GLOBAL } from './failure.ts';
import { list, text, texts } from './fields.ts';

/** Whose keys they are. It takes no right: what fails here fails for the keys themselves. */
export async function identity(caller: Caller, region: string): Promise<Reading<CallerIdentity>> {
  const attempted = { action: 'sts:GetCallerIdentity', region: GLOBAL } as const;
  const answer = await caller.call(
    attempted,
    caller.clients.sts(region),
    async ({ sdk, client }, options) => {
      const { Account, Arn } = await client.send(new sdk.GetCallerIdentityCommand({}), options);
      const arn = text(Arn);
      return { accountId: text(Account), arn, partition: arn.split(':')[1] || 'aws' };
    },
  );
  const isKnown = answer.kind === 'unread' || /^\d{12}$/.test(answer.value.accountId);
  return isKnown ? answer : unread({ kind: 'failed', ...attempted, code: 'UnknownAccount' });
}

const regionShape = /^[a-z0-9-]{3,32}$/;

/** Those that are enabled; asked for without `AllRegions`, which would give the others too. */
export const regions = (caller: Caller, region: string): Promise<Reading<readonly string[]>> =>
  ec2Value(caller, region, 'ec2:DescribeRegions', async ({ sdk, client }, options) => {
    const { Regions } = await client.send(new sdk.DescribeRegionsCommand({}), options);
    const enabled = list(Regions).filter(({ OptInStatus }) => OptInStatus !== 'not-opted-in');
    return texts(enabled.map(({ RegionName }) => RegionName))
      .filter((name) => regionShape.test(name))
      .toSorted();
  });
