import { type Check, type CheckFacts, pass } from '../checks/check.ts';

/** A check of a test, which says nothing of its own accord. */
export const testCheck = (id: string, over: Partial<CheckFacts> = {}): Check => ({
  id,
  service: 's3',
  title: `Buckets have ${id}`,
  severity: 'medium',
  why: 'It matters.',
  fix: { console: 'Open the console.', cli: 'aws s3api put <BUCKET>' },
  references: ['https://docs.aws.amazon.com/'],
  controls: [],
  reads: ['buckets', 'bucketVersioning'],
  ...over,
  run: () => [
    {
      checkId: id,
      severity: 'medium',
      place: 'global',
      isWhole: true,
      results: [{ resource: { type: 'bucket', arn: '', name: '', region: '' }, ...pass('') }],
    },
  ],
});
