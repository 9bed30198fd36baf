import { EXTERNAL_ID_PATTERN } from '../../aws/settings.ts';
import type { Call, Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Option, textOption } from '../option.ts';
import { printableJson } from '../printable.ts';
import { failed, succeeded } from '../result.ts';

const PRINCIPAL = /^(\d{12}|arn:aws[a-z-]*:iam::\d{12}:(root|(user|role)\/[\w+=,.@/-]{1,512}))$/;
const trustOption: Option<string> = {
  flags: '--trust <principal>',
  description:
    'Instead: the trust policy of a role that this principal may assume: an account of twelve digits, or the ARN of a user or role.',
  read: (typed) =>
    typeof typed === 'string' && PRINCIPAL.test(typed)
      ? succeeded(typed)
      : failed("twelve digits, or a user's or role's ARN"),
};
const externalIdOption = textOption(
  '--external-id <id>',
  'With --trust: only who also says this, as externalId in the config does.',
);

/** `tocsin aws policy`. */
export const policy: Command = {
  name: 'aws policy',
  summary: 'the IAM policy that reading an account takes, and nothing more',
  details: [
    "Made of what the checks and the API read; it reads no object of S3's. No service is asked.",
    'With --trust: who may assume the role that has it.',
  ],
  args: [],
  options: [trustOption, externalIdOption],
  variables: [],
  exits: { ok: 'It was printed.' },
  examples: [
    { command: 'tocsin aws policy > tocsin-read-only.json', note: 'for aws iam put-role-policy' },
    {
      command: 'tocsin aws policy --trust arn:aws:iam::123456789012:role/tocsin --external-id tocsin-prod',
      note: "the role's trust policy, in another account",
    },
  ],
  async run(call, { out, err }) {
    const wrong = misuse(call);
    if (wrong !== undefined) {
      err(`error: ${wrong}`);
      return exitCodes.usage;
    }
    const trusted = call.value(trustOption);
    if (trusted !== undefined) {
      out(printableJson(trustPolicy(trusted, call.value(externalIdOption))));
      return exitCodes.ok;
    }
    const { leastPrivilegePolicy } = await import('../../aws/checks/least-privilege.ts');
    out(printableJson(leastPrivilegePolicy()));
    return exitCodes.ok;
  },
};

function misuse(call: Call): string | undefined {
  const externalId = call.value(externalIdOption);
  if (externalId === undefined) return undefined;
  if (!call.has(trustOption)) return '--external-id goes with --trust';
  return new RegExp(EXTERNAL_ID_PATTERN).test(externalId)
    ? undefined
    : '--external-id must be 2 to 1224 letters, digits and _+=,.@:/-';
}

/** Twelve digits are everybody whom that account lets. */
const trustPolicy = (principal: string, externalId: string | undefined) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: principal },
      Action: 'sts:AssumeRole',
      ...(externalId === undefined ? {} : { Condition: { StringEquals: { 'sts:ExternalId': externalId } } }),
    },
  ],
});
