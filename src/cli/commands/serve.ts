import type { Command } from '../command.ts';
import { settingOptions } from '../config-options.ts';

/** `tocsin serve`. What it does is loaded when it runs: it takes in the whole service. */
export const serve: Command = {
  name: 'serve',
  summary: 'start the service',
  details: [
    'Runs until SIGTERM or SIGINT; a second one ends it at once. SIGHUP reads the config again. The log is JSON lines on standard output.',
  ],
  args: [],
  options: settingOptions,
  variables: [],
  exits: {
    ok: 'It was stopped and ended in order.',
    failed: 'It could not start: the port is taken, the store cannot be opened.',
    config: 'The config has faults; nothing was started.',
  },
  examples: [
    { command: 'tocsin serve', note: 'with tocsin.yaml and .env of this directory, if there are any' },
    { command: 'tocsin serve --config /etc/tocsin.yaml --port 9001', note: 'with another file and port' },
  ],
  async run({ flags }, context) {
    const service = await import('../serve.ts');
    return service.serve(context, flags);
  },
};
