import { describe, expect, it } from 'vitest';
import { type AwsSignable, signAws } from './aws-sign.ts';

/** The keys and moments of AWS's own examples: public, and good for nothing. */
const suite = {
  credentials: {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  },
  at: Date.UTC(2015, 7, 30, 12, 36),
};
const s3Examples = {
  credentials: {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  },
  at: Date.UTC(2013, 4, 24),
};
const ofSuite = (request: Partial<AwsSignable>): AwsSignable => ({
  service: 'service',
  region: 'us-east-1',
  method: 'GET',
  url: 'https://example.amazonaws.com/',
  headers: {},
  body: '',
  ...request,
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-test-suite.html */
describe("AWS's test suite for Signature Version 4", () => {
  it.each([
    ['get-vanilla', {}, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['post-vanilla', { method: 'POST' }, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
    [
      'get-vanilla-query-order-key-case',
      { url: 'https://example.amazonaws.com/?Param2=value2&Param1=value1' },
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
    [
      'post-x-www-form-urlencoded',
      {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'Param1=value1',
      },
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ],
  ] as const)('%s', async (_name, request, signature) => {
    const { authorization } = await signAws(ofSuite(request), suite.credentials, suite.at);
    expect(authorization).toContain(
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, ',
    );
    expect(authorization).toContain(`Signature=${signature}`);
  });
});

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
describe("S3's examples", () => {
  const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  it.each([
    [
      'GET Object',
      'test.txt',
      { range: 'bytes=0-9' },
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'GET Bucket lifecycle',
      '?lifecycle',
      {},
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    ],
    [
      'GET Bucket',
      '?max-keys=2&prefix=J',
      {},
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
  ])('%s', async (_name, path, headers, signature) => {
    const request = ofSuite({
      service: 's3',
      url: `https://examplebucket.s3.amazonaws.com/${path}`,
      headers: { ...headers, 'x-amz-content-sha256': empty },
    });
    const signed = await signAws(request, s3Examples.credentials, s3Examples.at);
    expect(signed['authorization']).toContain(`Signature=${signature}`);
    expect(signed['x-amz-date']).toBe('20130524T000000Z');
  });

  it('sends the token of credentials that end, signed too', async () => {
    const credentials = { ...suite.credentials, sessionToken: 'the-token' };
    const signed = await signAws(ofSuite({}), credentials, suite.at);
    expect(signed['x-amz-security-token']).toBe('the-token');
    expect(signed['authorization']).toContain('SignedHeaders=host;x-amz-date;x-amz-security-token,');
  });
});
