import { ACCOUNT_ID_PATTERN } from '../aws/api/findings-wire.ts';
import type { Api } from './api.ts';
import { accountList } from './aws-wire.ts';
import { textOption } from './option.ts';
import { printable } from './printable.ts';
import { failed, type Result, succeeded } from './result.ts';

/** Of what is known by AWS's number. */
export const accountOption = textOption(
  '--account <id>',
  "Of this account: as the config names it, or AWS's twelve digits.",
);

export const isAccountNumber = (text: string): boolean => new RegExp(ACCOUNT_ID_PATTERN).test(text);

/** AWS's twelve digits of what `--account` names. Until its first scan nobody knows those of a configured account. */
export async function accountNumber(
  api: Api,
  named: string | undefined,
): Promise<Result<string | undefined>> {
  if (named === undefined || isAccountNumber(named)) return succeeded(named);
  const listed = await api.get('api/v1/accounts', {}, accountList);
  if (!listed.ok) return listed;
  const found = listed.value.items.find(({ id }) => id === named);
  if (found === undefined) return failed(unknown(named, listed.value.items));
  const number = found.lastScan?.accountId ?? undefined;
  return number === undefined
    ? failed(printable(`The account ${named} was not scanned yet: its number is not known.`))
    : succeeded(number);
}

function unknown(named: string, accounts: readonly { readonly id: string }[]): string {
  const ids = accounts.map(({ id }) => id).join(', ');
  return printable(
    `There is no account ${named} in the config${ids === '' ? '' : `: there are ${ids}`}. Twelve digits name any other.`,
  );
}
