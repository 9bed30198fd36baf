import { expect, test } from 'vitest';
import { isSecret, viewOf } from '../config/schema-view.ts';
import { destinationSettings, movedSettings } from './destination.ts';
import { targetKinds } from './kinds/index.ts';
import { targetSettings } from './open-target.ts';

const settingsOf = ({ settings }: (typeof targetKinds)[number]) => ({
  ...settings.properties,
  ...targetSettings.properties,
});

test('every setting that is a URL is among those that say where secrets go', () => {
  const urls = targetKinds.flatMap((kind) =>
    Object.entries(settingsOf(kind))
      .filter(([, schema]) => viewOf(schema).pattern?.includes('https?://') === true)
      .map(([name]) => name),
  );
  expect(urls.length).toBeGreaterThan(5);
  expect(urls.filter((name) => !destinationSettings.includes(name))).toEqual([]);
});

test('every kind with a secret says with one of them where it goes', () => {
  const silent = targetKinds.filter(({ settings }) => {
    const entries = Object.entries(settings.properties);
    const hasSecret = entries.some(
      ([, schema]) => isSecret(schema) || JSON.stringify(schema).includes('secret'),
    );
    return hasSecret && !entries.some(([name]) => destinationSettings.includes(name));
  });
  expect(silent.map(({ kind }) => kind)).toEqual([]);
});

test('what is as it was has not moved, whatever else has changed', () => {
  const before = { url: 'https://a', servers: ['a'], title: 'x' };
  expect(movedSettings(before, { ...before, title: 'y' })).toEqual([]);
  expect(movedSettings(before, { ...before, servers: ['a', 'b'], proxy: 'http://p' })).toEqual([
    'servers',
    'proxy',
  ]);
});
