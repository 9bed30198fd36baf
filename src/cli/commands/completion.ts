import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';

const shells = ['bash', 'zsh', 'fish'] as const;

/** `tocsin completion`; asked for the table only when it runs, for it stands in it. */
export const completion = (
  table: () => { readonly commands: readonly Command[]; readonly groups: Readonly<Record<string, string>> },
): Command => ({
  name: 'completion',
  summary: 'what a shell needs to complete commands, options and their values',
  details: [
    'Standard output gets a script for the shell: evaluate it where the shell starts. It asks nobody.',
  ],
  args: [{ name: '<shell>', description: `One of ${shells.join(', ')}.`, values: shells }],
  options: [],
  variables: [],
  exits: { ok: 'It was written.' },
  examples: [
    { command: 'eval "$(tocsin completion bash)"', note: 'in ~/.bashrc' },
    { command: 'eval "$(tocsin completion zsh)"', note: 'in ~/.zshrc, after compinit' },
    { command: 'tocsin completion fish > ~/.config/fish/completions/tocsin.fish', note: 'once' },
  ],
  async run(call, { out, err }) {
    const shell = shells.find((one) => one === call.args[0]);
    if (shell === undefined) {
      err(`error: the shell must be one of ${shells.join(', ')}\nAdd --help for what there is.`);
      return exitCodes.usage;
    }
    const { completionScript } = await import('../completion/script.ts');
    out(completionScript(shell, table()).trimEnd());
    return exitCodes.ok;
  },
});
