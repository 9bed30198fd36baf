import { allChecks } from './index.ts';

/** A framework's version that some check has a control of. */
export interface Framework {
  readonly id: string;
  readonly version: string;
  readonly name: string;
}

/** By id and version: what people call them. */
export const frameworks: readonly Framework[] = [
  { id: 'aws-fsbp', version: '1.0.0', name: 'AWS Security Hub controls' },
  ...['3.0.0', '4.0.0', '5.0.0', '6.0.0', '7.0.0'].map((version) => ({
    id: 'cis-aws',
    version,
    name: `CIS AWS Foundations Benchmark ${version}`,
  })),
];

/** The controls of one framework's version, each with the checks that stand for it, by the controls' numbers. */
export function controlsOf(framework: string, version: string): ReadonlyMap<string, readonly string[]> {
  const byControl = new Map<string, string[]>();
  for (const { id, controls } of allChecks) {
    for (const one of controls) {
      if (one.framework !== framework || one.version !== version) continue;
      byControl.set(one.control, [...(byControl.get(one.control) ?? []), id]);
    }
  }
  return new Map([...byControl].toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })));
}
