import { type Option, textOption } from './option.ts';

/**
 * The flags that set settings. They stand here as well as in the settings because reading those takes ten times
 * as long as printing a help page; a test holds the two together.
 */
export const configOption = textOption(
  '--config <path>',
  'The config file (TOCSIN_CONFIG; else tocsin.yaml).',
);
export const dataDirOption = textOption('--data-dir <value>', 'The data directory (TOCSIN_DATA_DIR).');
export const settingOptions: readonly Option[] = [
  configOption,
  textOption('--port <value>', 'TCP port (TOCSIN_PORT).'),
  textOption('--host <value>', 'Address to bind to (TOCSIN_HOST).'),
  dataDirOption,
];
