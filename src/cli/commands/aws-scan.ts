import { type CheckSeverity, severities } from '../../aws/checks/check.ts';
import { REGION_PATTERN } from '../../aws/settings.ts';
import { type Api, apiVariables } from '../api.ts';
import { followScan } from '../aws-follow-scan.ts';
import { openAtLeast, scanDetailLines } from '../aws-scan-lines.ts';
import { scanTeller } from '../aws-scan-progress.ts';
import { scan as scanSchema, type ScanDetails, scanReport, type ScanSummary } from '../aws-wire.ts';
import type { Call, Command, CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { choiceOption, jsonOption, namesOption, switchOption, textOption } from '../option.ts';
import { printable, printableJson } from '../printable.ts';
import { failed, type Result, succeeded } from '../result.ts';
import { urlOption } from '../service-url.ts';
import { withApi } from '../with-api.ts';

const accountOption = textOption('--account <id>', 'As the config names it; else the only one.');
const regionOption = namesOption(
  '--region <names>',
  'Only these regions, between commas; else what the config says.',
);
const noWaitOption = switchOption('--no-wait', 'Only ask for it, and say its id.');
const failOnOption = choiceOption(
  '--fail-on <severity>',
  'Exit with 4 when open findings that are not muted are at least so severe',
  severities,
);
const failOnUnreadOption = switchOption(
  '--fail-on-unread',
  'Exit with 4 when something could not be read, and so was not judged.',
);

/** `tocsin aws scan`. */
export const scan: Command = {
  name: 'aws scan',
  summary: 'scan a configured account now, and wait for what comes of it',
  details: [
    'How far it is stands on standard error. Ctrl-C ends the waiting, not the scan: `tocsin aws cancel` ends that.',
    'What could not be read is told, and nothing is opened or resolved by it.',
  ],
  args: [],
  options: [
    accountOption,
    regionOption,
    noWaitOption,
    failOnOption,
    failOnUnreadOption,
    urlOption,
    jsonOption,
  ],
  variables: apiVariables,
  exits: {
    ok: 'It is done; with --no-wait, it was asked for.',
    failed: 'It failed or was cancelled, one is under way already, or the service refused or did not answer.',
    found: 'It is done, and there is what --fail-on or --fail-on-unread names.',
  },
  examples: [
    { command: 'tocsin aws scan', note: 'and watch it' },
    { command: 'tocsin aws scan --account prod --fail-on high', note: 'in a pipeline, behind a rollout' },
    { command: 'tocsin aws scan --region eu-central-1,eu-west-1 --no-wait', note: 'two regions, later' },
  ],
  async run(call, context) {
    const wrong = misuse(call);
    if (wrong !== undefined) {
      context.err(`error: ${wrong}`);
      return exitCodes.usage;
    }
    let done: ScanDetails | undefined;
    const code = await withApi(call, context, async (api) => {
      const asked = await api.post('api/v1/scans', bodyOf(call), scanSchema);
      if (!asked.ok) return asked;
      if (call.value(noWaitOption)) return tellAsked(asked.value, call, context);
      const ended = await waitFor(api, asked.value, call, context);
      if (ended.ok) done = ended.value;
      return ended;
    });
    return done !== undefined && isFound(done, call, context) ? exitCodes.found : code;
  },
};

function misuse(call: Call): string | undefined {
  const regions = call.value(regionOption);
  const wrong = regions?.find((region) => !new RegExp(REGION_PATTERN).test(region));
  if (wrong !== undefined) return printable(`--region: ${wrong} is no region's name`);
  if (regions?.length === 0) return '--region names no region';
  return call.value(noWaitOption) && (call.has(failOnOption) || call.has(failOnUnreadOption))
    ? '--fail-on waits for what comes of it: not with --no-wait'
    : undefined;
}

function bodyOf(call: Call): Readonly<Record<string, unknown>> {
  const account = call.value(accountOption);
  const regions = call.value(regionOption);
  return { ...(account === undefined ? {} : { account }), ...(regions === undefined ? {} : { regions }) };
}

function tellAsked(asked: ScanSummary, call: Call, { out, err }: CommandContext): Result<unknown> {
  out(call.value(jsonOption) ? printableJson(asked) : asked.id);
  if (!call.value(jsonOption)) err(`Asked for: tocsin aws scans ${asked.id} tells what comes of it.`);
  return succeeded(asked);
}

async function waitFor(
  api: Api,
  { id }: ScanSummary,
  call: Call,
  context: CommandContext,
): Promise<Result<ScanDetails>> {
  const teller = scanTeller(context);
  const goesOn = `The scan goes on: tocsin aws scans ${id} tells of it, tocsin aws cancel ${id} ends it.`;
  const heedNoMore = context.onInterrupt(() => {
    teller.end();
    context.err(goesOn);
  });
  const followed = await followScan(api, id, context, teller.tell);
  heedNoMore();
  teller.end();
  if (!followed.ok) return failed(`${followed.fault}\n${goesOn}`);
  const report = await api.get(`api/v1/scans/${id}`, {}, scanReport);
  return report.ok ? tellEnd(report.value, call, context) : report;
}

function tellEnd(report: ScanDetails, call: Call, { out, terminal }: CommandContext): Result<ScanDetails> {
  out(call.value(jsonOption) ? printableJson(report) : scanDetailLines(report, terminal).join('\n'));
  if (report.state === 'done') return succeeded(report);
  const detail = report.detail === null ? '.' : `: ${report.detail}`;
  return failed(printable(`The scan was not made to its end (${report.state})${detail}`));
}

/** Says all of it, where more than one is there. */
function isFound(done: ScanDetails, call: Call, { err }: CommandContext): boolean {
  const least = call.value(failOnOption);
  const isSevere = least !== undefined && tellSevere(done, least, err);
  const isUnread = (least !== undefined || call.value(failOnUnreadOption) === true) && tellUnread(done, err);
  return isSevere || (isUnread && call.value(failOnUnreadOption) === true);
}

function tellSevere({ tally }: ScanDetails, least: CheckSeverity, err: CommandContext['err']): boolean {
  const count = tally === null ? 0 : openAtLeast(tally, least);
  if (count > 0) err(`${count} open ${count === 1 ? 'finding is' : 'findings are'} ${least} or worse.`);
  return count > 0;
}

/** Whoever asks whether all is well must hear what nobody has looked at. */
function tellUnread({ coverage }: ScanDetails, err: CommandContext['err']): boolean {
  if (coverage === null) return false;
  const count = coverage.denied + coverage.throttled + coverage.failed;
  if (count > 0) err(`${count} ${count === 1 ? 'read' : 'reads'} failed: what they are of was not judged.`);
  return count > 0;
}
