import type { Call, Command, CommandContext } from '../command.ts';
import { configOption, settingOptions } from '../config-options.ts';
import type { Finding, Verdict } from '../doctor/finding.ts';
import { exitCodes } from '../exit-codes.ts';
import { jsonOption, switchOption } from '../option.ts';
import { painter, type Style } from '../paint.ts';
import { printableJson } from '../printable.ts';
import { environmentOf } from '../surroundings.ts';

const fullOption = switchOption('--full', 'Read the store as a whole, however large: it can take minutes.');
const offlineOption = switchOption('--offline', 'Open no connection to a target, a feed or AWS.');

/** `tocsin doctor`. */
export const doctor: Command = {
  name: 'doctor',
  summary: 'look for what keeps the service from starting, running or delivering',
  details: [
    'Config, store, clock, disk, permissions, master key, certificate, ports, targets, incident feeds, AWS accounts and the machine are looked at, while the service runs or before it does; each line says what was found and what to do. Nothing is changed and no secret is shown.',
    "Each target's hosts are connected to as a delivery would, up to the end of the TLS handshake, and nothing is sent. Each polled feed is asked for one list, with its credentials; AWS is asked whose the credentials of each account are. Run it as the service's user, in its directory and with its environment: it sees what the service would.",
  ],
  args: [],
  options: [...settingOptions, fullOption, offlineOption, jsonOption],
  variables: [],
  exits: { ok: 'Nothing failed; there may be warnings.', failed: 'Something failed.' },
  examples: [
    { command: 'tocsin doctor', note: 'something is wrong: what?' },
    { command: 'tocsin doctor --json --offline', note: 'for a program, without the network' },
  ],
  async run(call, context) {
    const { examine } = await import('../doctor/examine.ts');
    const findings = await examine({
      env: context.env,
      cwd: context.cwd,
      flags: call.flags,
      configFile: configFileOf(call, context),
      isFull: call.has(fullOption),
      isOffline: call.has(offlineOption),
      now: context.now,
    });
    const isOk = !findings.some(({ verdict }) => verdict === 'fail');
    context.out(call.value(jsonOption) ? printableJson({ ok: isOk, findings }) : inWords(findings, context));
    return isOk ? exitCodes.ok : exitCodes.failed;
  },
};

const configFileOf = (call: Call, context: CommandContext): string =>
  call.value(configOption) ?? environmentOf(context).find(['TOCSIN_CONFIG'])?.value ?? 'tocsin.yaml';

const styles: Readonly<Record<Verdict, Style>> = { ok: 'green', warn: 'yellow', fail: 'red' };
const WIDTH = 4;

function inWords(findings: readonly Finding[], { terminal }: CommandContext): string {
  const paint = painter(terminal);
  const lines = findings.flatMap(({ check, verdict, what, todo }) => [
    `${paint(verdict.padEnd(WIDTH), styles[verdict])}  ${paint(check, 'bold')}: ${paint(what)}`,
    ...(todo === null ? [] : [`${' '.repeat(WIDTH)}  → ${paint(todo)}`]),
  ]);
  const count = (verdict: Verdict): number => findings.filter((one) => one.verdict === verdict).length;
  return [...lines, '', `${count('fail')} failed, ${count('warn')} warnings, ${count('ok')} ok`].join('\n');
}
