import { expect, test } from 'vitest';
import { faultPaths, faultsOfScheme } from '../../../tests/support/open-scheme.ts';
import { sqreen } from '../kinds/sqreen.ts';
import { schemeFaults } from '../open-source.ts';
import { schemes } from './index.ts';
import { schemeNames } from './settings.ts';

test('every name of a scheme has its scheme, and no other', () => {
  expect(schemes.map(({ name }) => name)).toEqual(schemeNames);
});

test('a kind without a scheme of its own must be told one', () => {
  const { scheme: _, ...kind } = sqreen;
  const [fault] = schemeFaults(kind, {});
  expect(fault?.path).toBe('scheme');
  for (const name of schemeNames) expect(fault?.message).toContain(name);
});

test('a setting that the scheme does not read is a fault that names those it reads', () => {
  const [fault] = faultsOfScheme('sqreen', { key: 'k', tolerance: '5m' });
  expect(fault).toEqual({
    path: 'tolerance',
    message: 'is not known to the scheme sqreen: it reads key, previousKey',
  });
  expect(faultPaths('sqreen', { key: 'k', previousKey: 'p' })).toEqual([]);
});
