import { CHECK_ID_PATTERN } from '../aws/api/findings-wire.ts';
import { checkedServices, severities } from '../aws/checks/check.ts';
import type { Api, Query } from './api.ts';
import { accountNumber, accountOption } from './aws-account.ts';
import type { Call } from './command.ts';
import { choiceOption, type Option, switchOption, textOption } from './option.ts';
import { failed, type Result, succeeded } from './result.ts';

const checkOption: Option<string> = {
  flags: '--check <id>',
  description: 'Of this check: s3.public-policy.',
  read: (typed) =>
    typeof typed === 'string' && new RegExp(CHECK_ID_PATTERN).test(typed)
      ? succeeded(typed)
      : failed('the id of a check: tocsin aws checks lists them'),
};
export const serviceOption = choiceOption(
  '--service <service>',
  'Of checks of this service',
  checkedServices,
);
const severityOption = choiceOption('--severity <severity>', 'Exactly this', severities);
const severityMinOption = choiceOption('--severity-min <severity>', 'At least this', severities);
const regionOption = textOption('--region <region>', 'In this region; global for what has none.');
const resourceOption = textOption('--resource <arn>', 'Of this resource.');
const frameworkOption = textOption('--framework <framework>', 'Of checks for its controls: cis-aws.');
const versionOption = textOption('--framework-version <version>', 'Of this version of the framework.');
const controlOption = textOption('--control <control>', 'Of checks for this control: EC2.13.');
const searchOption = textOption(
  '--text <text>',
  "That hold this in the reason, the resource's name or its ARN, whatever the case.",
);
const mutedOption = switchOption('--muted', 'Those that are open and muted, instead of those that are not.');
const resolvedOption = switchOption('--resolved', 'Those that are resolved, instead of those that are open.');
export const allOption = switchOption('--all', 'Muted and resolved ones too.');

/** Which findings: the same wherever findings are asked for. */
export const filterOptions: readonly Option[] = [
  accountOption,
  checkOption,
  serviceOption,
  severityOption,
  severityMinOption,
  regionOption,
  resourceOption,
  frameworkOption,
  versionOption,
  controlOption,
  searchOption,
  mutedOption,
  resolvedOption,
  allOption,
];

export const OPEN_NOW = 'Without --all, --muted or --resolved these are the open ones that are not muted.';

/** What does not go together. */
export function filterMisuse(call: Call): string | undefined {
  const standings = [mutedOption, resolvedOption, allOption].filter((option) => call.value(option));
  return standings.length > 1 ? 'of --muted, --resolved and --all there can be one' : undefined;
}

/** The options as the API takes them. An account's name is looked up. */
export async function filterOf(api: Api, call: Call): Promise<Result<Query>> {
  const accountId = await accountNumber(api, call.value(accountOption));
  if (!accountId.ok) return accountId;
  return succeeded({
    accountId: accountId.value,
    check: call.value(checkOption),
    service: call.value(serviceOption),
    severity: call.value(severityOption),
    severityMin: call.value(severityMinOption),
    region: call.value(regionOption),
    resource: call.value(resourceOption),
    framework: call.value(frameworkOption),
    version: call.value(versionOption),
    control: call.value(controlOption),
    text: call.value(searchOption),
    ...standingOf(call),
  });
}

function standingOf(call: Call): Query {
  if (call.value(allOption)) return {};
  if (call.value(resolvedOption)) return { state: 'resolved' };
  return { state: 'open', muted: call.value(mutedOption) === true };
}
