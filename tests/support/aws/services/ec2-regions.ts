import { DescribeRegions$ } from '@aws-sdk/client-ec2';
import type { Account } from '../account.ts';
import type { Operation } from '../operation.ts';
import { Refusal } from '../refusal.ts';
import { filtered, refuseDryRun } from './ec2-describe.ts';

interface Known {
  readonly RegionName: string;
  readonly Endpoint: string;
  readonly OptInStatus: 'opt-in-not-required' | 'not-opted-in';
}

export const regionOperations: readonly Operation[] = [
  {
    service: 'ec2',
    name: 'DescribeRegions',
    action: 'ec2:DescribeRegions',
    schema: DescribeRegions$,
    isKept: true,
    answer: (asked, { account }) => {
      refuseDryRun(asked);
      const all = regionsOf(account, asked.flag('AllRegions'));
      const names = asked.texts('RegionNames');
      const unknown = names?.filter((name) => !all.some(({ RegionName }) => RegionName === name)) ?? [];
      if (unknown.length > 0)
        throw new Refusal('InvalidParameterValue', 400, `Invalid region names: [${unknown.join(', ')}]`);
      const named = names === undefined ? all : all.filter(({ RegionName }) => names.includes(RegionName));
      const regions = filtered(named, asked.list('Filters'), {
        'opt-in-status': ({ OptInStatus }) => [OptInStatus],
        'region-name': ({ RegionName }) => [RegionName],
        endpoint: ({ Endpoint }) => [Endpoint],
      });
      return { Regions: regions };
    },
  },
];

function regionsOf(account: Account, withDisabled: boolean): Known[] {
  const known = (RegionName: string, OptInStatus: Known['OptInStatus']): Known => ({
    RegionName,
    Endpoint: `ec2.${RegionName}.amazonaws.com`,
    OptInStatus,
  });
  return [
    ...Object.keys(account.regions).map((name) => known(name, 'opt-in-not-required')),
    ...(withDisabled ? account.disabledRegions.map((name) => known(name, 'not-opted-in')) : []),
  ];
}
