import { REGION_PATTERN } from '../../aws/settings.ts';
import { apiVariables } from '../api.ts';
import { accountTable } from '../aws-scan-lines.ts';
import { accountList } from '../aws-wire.ts';
import type { Command } from '../command.ts';
import { jsonOption, type Option, textOption } from '../option.ts';
import { printableJson } from '../printable.ts';
import { failed, succeeded } from '../result.ts';
import { urlOption } from '../service-url.ts';
import { withApi } from '../with-api.ts';

const NONE =
  'No AWS account is configured: name one under `accounts` in tocsin.yaml, or set TOCSIN_AWS_SCAN=true.';

/** `tocsin aws accounts`. */
export const accounts: Command = {
  name: 'aws accounts',
  summary: 'the configured accounts, each with its last scan',
  details: ['Sessions of those who logged in with keys are not listed: they are theirs.'],
  args: [],
  options: [urlOption, jsonOption],
  variables: apiVariables,
  exits: { ok: 'They were shown, even if there are none.', failed: 'Refused, or nobody answered.' },
  examples: [{ command: 'tocsin aws accounts', note: 'what is scanned, and when was it?' }],
  run: (call, context) =>
    withApi(call, context, async (api) => {
      const listed = await api.get('api/v1/accounts', {}, accountList);
      if (!listed.ok) return listed;
      const { items } = listed.value;
      if (call.value(jsonOption)) context.out(printableJson(listed.value));
      else if (items.length === 0) context.err(NONE);
      else context.out(accountTable(items, context.terminal).join('\n'));
      return listed;
    }),
};

const accountOption = textOption('--account <id>', 'As the config names it; else the only one.');
const regionOption: Option<string> = {
  flags: '--region <region>',
  description: "This region; else the account's home.",
  read: (typed) =>
    typeof typed === 'string' && new RegExp(REGION_PATTERN).test(typed)
      ? succeeded(typed)
      : failed("a region's name: us-west-2"),
};

/** `tocsin aws summary`. */
export const summary: Command = {
  name: 'aws summary',
  summary: 'a configured account in sixteen figures, read now or a moment ago',
  details: ['Of one region, S3 of all. What could not be read is told, and is not 0.'],
  args: [],
  options: [accountOption, regionOption, urlOption, jsonOption],
  variables: apiVariables,
  exits: { ok: 'It was shown.', failed: 'AWS refused, or the service did, or nobody answered.' },
  examples: [
    { command: 'tocsin aws summary', note: 'what is there?' },
    { command: 'tocsin aws summary --account prod --region eu-central-1', note: 'and there?' },
  ],
  run: (call, context) =>
    withApi(call, context, async (api) => {
      const { dashboardWire } = await import('../../aws/api/inventory-wire.ts');
      const { summaryLines } = await import('../aws-summary-lines.ts');
      const query = { account: call.value(accountOption), region: call.value(regionOption) };
      const found = await api.get('api/v1/dashboard/summary', query, dashboardWire);
      if (!found.ok) return found;
      context.out(
        call.value(jsonOption)
          ? printableJson(found.value)
          : summaryLines(found.value, context.terminal).join('\n'),
      );
      return found;
    }),
};
