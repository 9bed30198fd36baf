import { fail, pass } from '../check.ts';
import { defineBucketCheck } from './bucket-check.ts';

export const dnsName = defineBucketCheck({
  id: 's3.dns-name',
  title: "The bucket's name can stand in a host name",
  severity: 'low',
  why: "AWS's certificate holds for one label before s3.amazonaws.com: of a bucket with dots, capitals or underscores in its name, clients cannot check whom they speak to, and some turn the check off.",
  fix: {
    console:
      'A bucket cannot be renamed: S3 > Create bucket with lower-case letters, digits and hyphens, and copy.',
    cli: 'aws s3 mb s3://<NEW_BUCKET> && aws s3 sync s3://<BUCKET> s3://<NEW_BUCKET>',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html',
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html',
  ],
  controls: [],
  reads: [],
  judge: ({ name }) =>
    /^[a-z0-9](?:[a-z0-9-]{1,61})[a-z0-9]$/.test(name)
      ? pass('Its name is one label of a host name.')
      : fail('Its name is not one label of lower-case letters, digits and hyphens.'),
});
