/**
 * The settings that say where a target's secrets go. Whoever changes one gives the secrets anew: else who may change a
 * target, but never saw its secrets, could have them sent to himself.
 */
export const destinationSettings: readonly string[] = [
  'url',
  'homeserver',
  'baseUrl',
  'endpoint',
  'host',
  'port',
  'servers',
  'security',
  'provider',
  'region',
  'topicArn',
  'bucket',
  'proxy',
];

type Settings = Readonly<Record<string, unknown>>;

/** Which of them differ; secret ones cannot both be kept and differ. */
export const movedSettings = (before: Settings, after: Settings): readonly string[] =>
  destinationSettings.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
