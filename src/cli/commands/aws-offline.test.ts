import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HttpReceiver } from '../../../tests/support/http-receiver.ts';
import { allChecks } from '../../aws/checks/index.ts';
import { leastPrivilegePolicy } from '../../aws/checks/least-privilege.ts';
import { objectOf, TEST_TOKEN } from '../test-api.ts';
import { cli } from '../test-cli.ts';
import { testDirectory } from '../test-directory.ts';

let service: HttpReceiver;
beforeAll(async () => (service = await HttpReceiver.start()));
afterAll(() => service.close());

test('the policy is printed without a service, and is what reading takes', async () => {
  const { code, out, err } = await cli(['aws', 'policy']);
  expect([code, err]).toEqual([0, '']);
  expect(objectOf(out)).toEqual(leastPrivilegePolicy());
});

test('the trust policy of a role names who may assume it, and what they must say', async () => {
  const role = 'arn:aws:iam::123456789012:role/tocsin';
  const { out } = await cli(['aws', 'policy', '--trust', role, '--external-id', 'prod-1']);
  expect(objectOf(out)['Statement']).toEqual([
    {
      Effect: 'Allow',
      Principal: { AWS: role },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:ExternalId': 'prod-1' } },
    },
  ]);
});

test.each([
  ['everybody', ['--trust', '*']],
  ['a service', ['--trust', 'ec2.amazonaws.com']],
  ['an external id that trusts nobody', ['--external-id', 'prod-1']],
  ['an external id that AWS would not take', ['--trust', '123456789012', '--external-id', 'a b']],
])('no role is made to trust %s', async (_name, words) => {
  expect(await cli(['aws', 'policy', ...words])).toMatchObject({ code: 2, out: '' });
});

test('every check is listed without a service, and each can be looked at', async () => {
  const { out } = await cli(['aws', 'checks']);
  expect(out.split('\n')).toHaveLength(allChecks.length);
  const buckets = await cli(['aws', 'checks', '--service', 's3', '--json']);
  expect(objectOf(buckets.out)['items']).toHaveLength(
    allChecks.filter(({ service: of }) => of === 's3').length,
  );
  for (const { id, title, why } of allChecks) {
    const one = await cli(['aws', 'check', id]);
    expect([one.code, one.out.includes(title), one.out.includes(why)]).toEqual([0, true, true]);
  }
  expect(await cli(['aws', 'check', 'x.y'])).toMatchObject({ code: 1, err: expect.stringContaining('x.y') });
});

const env = () => ({ TOCSIN_URL: service.url(''), TOCSIN_TOKEN: TEST_TOKEN });

test('an export is what the service answers, byte for byte, for its owner alone', async () => {
  const cwd = testDirectory();
  const lines = '{"class_uid":2003,"n":12345678901234567890}\n';
  service.answer = (response) =>
    void response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(lines);
  const line = 'aws export --severity-min high --output all.ndjson'.split(' ');
  const { code, out, err } = await cli(line, { cwd, env: env() });
  expect([code, out, err]).toEqual([0, '', '0.0 MB exported.']);
  expect(readFileSync(join(cwd, 'all.ndjson'), 'utf8')).toBe(lines);
  expect(statSync(join(cwd, 'all.ndjson')).mode & 0o777).toBe(0o600);
  expect(service.requests.at(-1)?.path).toBe(
    '/api/v1/findings/export?severityMin=high&state=open&muted=false&format=ocsf',
  );
});

test('an export that breaks off leaves no file that looks whole', async () => {
  const cwd = testDirectory();
  service.answer = (response) => {
    response.writeHead(200, { 'content-type': 'text/csv; charset=utf-8; header=present' });
    response.write('id\r\n', () => response.destroy());
  };
  const line = 'aws export --format csv --all --output all.csv'.split(' ');
  const { code, err } = await cli(line, { cwd, env: env() });
  expect([code, err]).toEqual([
    1,
    `Not exported: the answer of ${service.url('')} broke off before its end.`,
  ]);
  expect(() => statSync(join(cwd, 'all.csv'))).toThrow('ENOENT');
});
