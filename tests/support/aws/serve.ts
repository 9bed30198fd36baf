import type { Account } from './account.ts';
import { aDemoAccount } from './demo-account.ts';
import { FakeAws } from './fake-aws.ts';
import { aKey } from './keys.ts';
import { aLargeAccount } from './large-account.ts';
import { isRecord } from './parameters.ts';

/**
 * The fake as a process of its own (`node serve.js large 50`: which account, and the latency in ms), so that it shares no
 * event loop with what it is measured with. Prints one line of JSON, `{url, accountId, accessKeyId, secretAccessKey}`;
 * forked, it sends that too, and answers a message `{ask: 'tally'}` with the calls since the last one. Ends with its parent.
 */
const accounts: Readonly<Record<string, () => Account>> = { large: aLargeAccount, demo: aDemoAccount };

const [, , name = 'large', latency = '0'] = process.argv;
const account = accounts[name]?.();
if (account === undefined) throw new Error(`no account ${name}: ${Object.keys(accounts).join(', ')}`);
const key = aKey(account.id);
const aws = await FakeAws.start({ accounts: [account], keys: [key] });
aws.faults.latencyMs = Number(latency);

process.on('message', (message) => {
  if (!isRecord(message) || message['ask'] !== 'tally') return;
  const { calls, mostInFlight } = aws.log;
  process.send?.({ calls: calls.length, mostInFlight, byAction: aws.log.count() });
  aws.log.clear();
});
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
const told = { url: aws.url, accountId: account.id, accessKeyId: key.id, secretAccessKey: key.secret };
process.send?.(told);
process.stdout.write(`${JSON.stringify(told)}\n`);
