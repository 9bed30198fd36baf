import { FakeAws } from './aws/fake-aws.ts';
import type { Account } from './aws/account.ts';
import { type AccessKey, aKey } from './aws/keys.ts';
import { at, listAt } from './ask.ts';
import { newDirectory } from './service.ts';
import { until } from './until.ts';
import { type Visit, visit } from './visitor.ts';
import { secret } from './witness.ts';

export interface AwsStageOptions {
  readonly accounts: readonly Account[];
  /** Lines of the configured account `prod`, in YAML, each indented by four. Absent: scanned on demand. */
  readonly account?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly config?: string;
  /** Further keys, beside the first account's auditor, which the service has in its environment. */
  readonly keys?: readonly AccessKey[];
  readonly directory?: string;
}

/** A service with one configured account, `prod`, at a stand-in of AWS that speaks its protocols. */
export interface AwsStage {
  readonly aws: FakeAws;
  readonly key: AccessKey;
  readonly there: Visit;
  readonly directory: string;
  /** Asks for a scan and waits until it is over; answers with its report. */
  scan(): Promise<unknown>;
  /** Waits until a scan is over; answers with its report. */
  over(id: unknown): Promise<unknown>;
  /** Findings, the most severe first. */
  findings(query?: string): Promise<readonly unknown[]>;
  /** Events about findings and scans, the newest first. */
  events(query?: string): Promise<readonly unknown[]>;
  /** The same service again, on the same store, after `end` has ended it. */
  again(end: (there: Visit) => Promise<unknown>): Promise<AwsStage>;
}

const stand = new Set<FakeAws>();

/** Ends the stand-ins: for `afterAll`, behind the services' own end. */
export async function endOfAws(): Promise<void> {
  for (const aws of stand) await aws.close();
  stand.clear();
}

export async function stageAws(options: AwsStageOptions): Promise<AwsStage> {
  const key = aKey(options.accounts[0]?.id ?? '');
  const keys = [key, ...(options.keys ?? [])];
  for (const { secret: text } of keys) secret(text);
  const aws = await FakeAws.start({ accounts: options.accounts, keys });
  stand.add(aws);
  return stageOver(aws, key, options);
}

async function stageOver(aws: FakeAws, key: AccessKey, options: AwsStageOptions): Promise<AwsStage> {
  const { directory = newDirectory() } = options;
  const config = `
accounts:
  - id: prod
    credentials: environment
${options.account ?? '    scanEvery: 0s'}
${options.config ?? ''}`;
  const env = {
    TOCSIN_AWS_ENDPOINT: aws.url,
    AWS_ACCESS_KEY_ID: key.id,
    AWS_SECRET_ACCESS_KEY: key.secret,
    ...options.env,
  };
  const there = await visit({ config, directory, env });
  const list = async (path: string): Promise<readonly unknown[]> =>
    listAt((await there.operator('GET', path)).json, 'items');
  const over = (id: unknown): Promise<unknown> =>
    until('the end of a scan', async () => {
      const { json } = await there.operator('GET', `/api/v1/scans/${String(id)}`);
      return at(json, 'endedAt') !== null && json;
    });
  return {
    aws,
    key,
    there,
    directory,
    over,
    async scan() {
      const { json, status, text } = await there.operator('POST', '/api/v1/scans', { account: 'prod' });
      if (status !== 202) throw new Error(`a scan was refused: ${text}`);
      return over(at(json, 'id'));
    },
    findings: (query = '') => list(`/api/v1/findings?limit=200&${query}`),
    async events(query = '') {
      const all = await list(`/api/v1/events?limit=200&${query}`);
      return all.filter((event) => /^(tocsin\.)?aws\./.test(String(at(event, 'type'))));
    },
    async again(end) {
      await end(there);
      return stageOver(aws, key, { ...options, directory });
    },
  };
}
