import { flagAttribute } from './pick-setting.ts';
import type { AnyDefinition } from './definition.ts';
import { alternativesOf, viewOf } from './schema-view.ts';

/** A flag of the command line that sets a setting. */
export interface FlagOption {
  readonly path: string;
  /** As a command line's parser is told: `--port <value>`, `--plain [value]` for true or false. */
  readonly flags: string;
  /** The name under which the loader looks for it: `dataDir` for `--data-dir`. */
  readonly attribute: string;
  readonly description: string;
}

/** The flags of a definition, and `--config` for the file. */
export function flagOptions({ name, settings }: AnyDefinition): readonly FlagOption[] {
  const config = {
    path: '',
    flags: '--config <path>',
    attribute: 'config',
    description: `The config file, instead of ${name}.yaml`,
  };
  const own = Object.entries(settings).flatMap(([path, { schema, flag }]) => {
    if (flag === undefined) return [];
    const isSwitch = alternativesOf(schema).every((one) => viewOf(one).type === 'boolean');
    const flags = `--${flag} ${isSwitch ? '[value]' : '<value>'}`;
    return [{ path, flags, attribute: flagAttribute(flag), description: viewOf(schema).description ?? '' }];
  });
  return [config, ...own];
}
