import { aDemoAccount } from '../tests/support/aws/demo-account.ts';
import { demoChanges } from '../tests/support/aws/demo-changes.ts';
import { FakeAws } from '../tests/support/aws/fake-aws.ts';
import { type AccessKey, aKey } from '../tests/support/aws/keys.ts';
import type { Account } from '../tests/support/aws/account.ts';

/** A change in the account, which the next scan finds. */
interface Change {
  readonly what: string;
  readonly make: (account: Account) => Account;
}

/** Each one that opens something is followed by the one that mends it. */
const changes: readonly Change[] = [
  { what: 'SSH to the bastion is open to everybody', make: demoChanges.openSsh },
  { what: 'SSH to the bastion is closed again', make: demoChanges.closeSsh },
  { what: 'everybody may read the bucket with the invoices', make: demoChanges.publishInvoices },
  { what: 'the bucket with the invoices is private again', make: demoChanges.mendInvoices },
  { what: 'a roll-out breaks the front end', make: demoChanges.breakFrontend },
  { what: 'the front end is well again', make: demoChanges.healFrontend },
];

/** Plays AWS, with the account of a small company in it. */
export class AwsAccount {
  readonly #aws: FakeAws;
  readonly #account: Account;
  readonly key: AccessKey;
  #made = 0;

  private constructor(aws: FakeAws, account: Account, key: AccessKey) {
    this.#aws = aws;
    this.#account = account;
    this.key = key;
  }

  static async start(): Promise<AwsAccount> {
    const account = aDemoAccount();
    const key = aKey(account.id);
    return new AwsAccount(await FakeAws.start({ accounts: [account], keys: [key] }), account, key);
  }

  /** What the service is configured by. */
  get environment(): Record<string, string> {
    return {
      TOCSIN_AWS_ENDPOINT: this.#aws.url,
      AWS_ACCESS_KEY_ID: this.key.id,
      AWS_SECRET_ACCESS_KEY: this.key.secret,
    };
  }

  /** Makes the next change; returns what it is, in words. */
  change(): string {
    const change = changes[this.#made % changes.length];
    this.#made += 1;
    // Nobody looks at them here, and a demo may run for a day.
    this.#aws.log.clear();
    if (change === undefined) return '';
    this.#aws.change(this.#account.id, change.make);
    return change.what;
  }

  async close(): Promise<void> {
    await this.#aws.close();
  }
}
