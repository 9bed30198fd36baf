import type { Command } from '../command.ts';
import { checkConfig } from './check-config.ts';
import { events } from './events.ts';
import { explainConfig } from './explain-config.ts';
import { migrate } from './migrate.ts';
import { replay } from './replay.ts';
import { rulesTest } from './rules-test.ts';
import { send } from './send.ts';
import { serve } from './serve.ts';

/** Every command, in the order of the help. A new one is a file beside this one, and its line here. */
export const commands: readonly Command[] = [
  serve,
  checkConfig,
  explainConfig,
  rulesTest,
  send,
  events,
  replay,
  migrate,
];

/** What the first words of commands with two stand for. */
export const groups: Readonly<Record<string, string>> = { rules: 'try the rules' };
