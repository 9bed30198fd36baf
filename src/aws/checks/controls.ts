import type { FrameworkControl } from './check.ts';

/** Security Hub's controls, whichever of its standards holds them. */
export const fsbp = (...controls: readonly string[]): readonly FrameworkControl[] =>
  controls.map((control) => ({ framework: 'aws-fsbp', version: '1.0.0', control }));

const CIS_VERSIONS = [['3.0.0'], ['4.0.0', '5.0.0'], ['6.0.0', '7.0.0']] as const;

/** CIS AWS Foundations: what a control is called in version 3, in 4 and 5, and from 6 on; null: it is not there. */
export const cis = (
  ...controls: readonly [string | null, string | null, string | null]
): readonly FrameworkControl[] =>
  CIS_VERSIONS.flatMap((versions, index) => {
    const control = controls[index] ?? null;
    return control === null ? [] : versions.map((version) => ({ framework: 'cis-aws', version, control }));
  });
