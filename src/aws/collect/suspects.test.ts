import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { suspectsOf } from './suspects.ts';

const because = (name: string, value: string): string | undefined =>
  suspectsOf([{ name, value }])[0]?.because;

// Put together here, so that whoever looks for secrets in this repository finds none.
const accessKey = `AKIA${'IOSFODNN7'}${'EXAMPLE'}`;
const jwt = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', 'dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P'].join(
  '.',
);
const random = createHash('sha256').update('random').digest('base64url');
const hex = createHash('sha256').update('random').digest('hex');

test.each([
  ['DB_PASSWORD', 'correct horse', 'name'],
  ['dbPassword', 'tr0ub4dor&3', 'name'],
  ['db.password', 'hunter22', 'name'],
  ['POSTGRES-PASSWD', 'hunter22', 'name'],
  ['DB_PASS', 'hunter22', 'name'],
  ['AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMI', 'name'],
  ['STRIPE_API_KEY', 'abcd1234', 'name'],
  ['GITHUB_TOKEN', 'abcd1234', 'name'],
  ['JWT_SECRET', 'sesame-open', 'name'],
  ['CLIENT_SECRET', 'abcd1234', 'name'],
  ['APIKEY', 'abcd1234', 'name'],
  ['SESSION_KEY', 'abcd1234', 'name'],
  ['SETTING', accessKey, 'access-key'],
  ['SETTING', `key=${accessKey};`, 'access-key'],
  ['SETTING', accessKey.replace('AKIA', 'ASIA'), 'access-key'],
  ['SETTING', `-----BEGIN ${'RSA PRIVATE KEY'}-----\nMIIE`, 'private-key'],
  ['SETTING', `-----BEGIN ${'PRIVATE KEY'}-----`, 'private-key'],
  ['SETTING', jwt, 'token'],
  ['SETTING', `Bearer ${jwt}`, 'token'],
  ['SETTING', `ghp_${'a1B2'.repeat(9)}`, 'token'],
  ['SETTING', `xoxb-${'123456789012-abcdef'}`, 'token'],
  ['SETTING', `https://hooks.slack.com/services/${'T000/B000/'.repeat(2)}abcdefgh`, 'token'],
  ['DATABASE_URL', 'postgres://app:s3cr3t@db.internal:5432/app', 'credentials-in-url'],
  ['REDIS', 'redis://:s3cr3t@cache:6379', 'credentials-in-url'],
  ['SETTING', random, 'entropy'],
  ['SETTING', hex, 'entropy'],
])('%s=%s looks like a secret: %s', (name, value, reason) => {
  expect(because(name, value)).toBe(reason);
});

test.each([
  ['LOG_LEVEL', 'info'],
  ['PORT', '8080'],
  ['ENABLE_PASSWORD_LOGIN', 'true'],
  ['REQUIRE_TOKEN', 'false'],
  ['TOKEN_TTL', '3600'],
  ['TOKEN_TTL_SECONDS', '3600s'],
  ['PASSWORD_MIN_LENGTH', '12'],
  ['PASSWORD_FILE', '/run/secrets/password'],
  ['SECRET_NAME', 'prod/app/database'],
  ['DB_SECRET_ARN', 'arn:aws:secretsmanager:us-west-2:123456789012:secret:db-AbCdEf'],
  ['DB_PASSWORD', 'arn:aws:ssm:us-west-2:123456789012:parameter/db/password'],
  ['DB_PASSWORD', '${DB_PASSWORD}'],
  ['DB_PASSWORD', ''],
  ['DB_PASSWORD', '<password>'],
  ['AUTH_TOKEN_URL', 'https://login.example.com/oauth/token'],
  ['DATABASE_URL', 'postgres://db.internal:5432/app'],
  ['DATABASE_URL', 'postgres://app@db.internal/app'],
  ['DATABASE_URL', 'postgres://app:${PASSWORD}@db.internal/app'],
  ['KEYBOARD', 'qwerty-layout'],
  ['PARTITION_KEY', 'customer_id'],
  ['KEY_PREFIX', 'cache:users:'],
  ['MONKEY', 'bananas'],
  ['PASS_THROUGH', 'headers'],
  ['SECRETS_MANAGER', 'vault-production'],
  ['COMPASS', 'north'],
  ['IMAGE', '123456789012.dkr.ecr.us-west-2.amazonaws.com/web:1.4.2'],
  ['GIT_COMMIT', createHash('sha1').update('commit').digest('hex')],
  ['IMAGE_DIGEST', `sha256:${hex}`],
  ['REQUEST_ID', '6fdbc4a0-3b0e-4d3e-9f5e-1d2c3b4a5968'],
  ['TENANT', '6fdbc4a0-3b0e-4d3e-9f5e-1d2c3b4a5968'],
  ['QUEUE', 'https://sqs.us-west-2.amazonaws.com/123456789012/orders-production-v2'],
  ['JAVA_OPTS', '-Xmx512m -XX:+UseG1GC -Dfile.encoding=UTF-8'],
  ['TARGET_GROUP', 'production-web-frontend-target-group-2024'],
  ['HOST', 'ip-10-0-12-34.us-west-2.compute.internal'],
  ['JWT_PUBLIC_KEY', `-----BEGIN ${'PUBLIC KEY'}-----\nMIIB`],
  ['FEATURES', 'newCheckout,fasterSearch,betterImages,darkMode'],
  ['AWS_REGION', 'eu-central-1'],
])('%s=%s does not', (name, value) => {
  expect(because(name, value)).toBeUndefined();
});

test('a value never leaves, not even a part of it', () => {
  const value = 'correct-horse-battery-staple';
  const [suspect] = suspectsOf([{ name: 'DB_PASSWORD', value }]);
  expect(suspect).toEqual({
    name: 'DB_PASSWORD',
    because: 'name',
    hashPrefix: createHash('sha256').update(value).digest('hex').slice(0, 8),
  });
});

test('two equal values have the same hash, two others have not', () => {
  const [one, same, other] = suspectsOf([
    { name: 'A_PASSWORD', value: 'correct horse' },
    { name: 'B_PASSWORD', value: 'correct horse' },
    { name: 'C_PASSWORD', value: 'battery staple' },
  ]);
  expect(one?.hashPrefix).toBe(same?.hashPrefix);
  expect(one?.hashPrefix).not.toBe(other?.hashPrefix);
});

test('long values and many variables take no time', () => {
  const hostile = ['a:'.repeat(100_000), 'eyJ'.repeat(100_000), '://'.repeat(100_000), 'A'.repeat(300_000)];
  const began = performance.now();
  suspectsOf(hostile.flatMap((value) => Array.from({ length: 50 }, (_, at) => ({ name: `N${at}`, value }))));
  expect(performance.now() - began).toBeLessThan(5_000);
});
