import fc from 'fast-check';
import { expect, test } from 'vitest';
import { failure, T } from '../findings/test-findings.ts';
import type { ScanId } from '../findings/scan.ts';
import { findingDraft, type ToldFinding } from './finding-draft.ts';

const scanId: ScanId = 'scn_1';
const check = { title: 'Buckets keep versions', service: 's3' } as const;
const draftOf = (over: Partial<ToldFinding> = {}) =>
  findingDraft({
    kind: 'opened',
    finding: failure('a'),
    check,
    scanId,
    account: 'production',
    at: T,
    firstSeenAt: T,
    ...over,
  });

test('an open finding is a matter of its own, with all that rules choose by', () => {
  expect(draftOf()).toMatchObject({
    type: 'aws.finding.opened',
    severity: 'medium',
    title: 'Check fails: "Buckets keep versions": a',
    occurredAt: T,
    subject: { kind: 'bucket', id: 'arn:aws:s3:::a', name: 'a' },
    fingerprint: failure('a').id.slice(4),
    state: 'open',
    labels: {
      finding: failure('a').id,
      check: 's3.versioning',
      account: '123456789012',
      account_name: 'production',
      service: 's3',
      region: 'eu-west-1',
      resource: 'arn:aws:s3:::a',
      scan: scanId,
    },
  });
  expect(JSON.parse(draftOf().payload)).toMatchObject({
    scan: scanId,
    finding: {
      id: failure('a').id,
      evidence: { versioning: 'Never' },
      firstSeenAt: '2026-01-31T12:00:00.000Z',
    },
  });
});

test('worse and resolved are of the same matter, and say what they are', () => {
  const worse = draftOf({ kind: 'worse', from: 'low' });
  expect([worse.state, worse.labels['severity_before']]).toEqual(['open', 'low']);
  expect(worse.title).toBe('Check fails worse, low before and medium now: "Buckets keep versions": a');
  const resolved = draftOf({ kind: 'resolved', because: 'gone', reason: 'It is not there any more.' });
  expect([resolved.state, resolved.title]).toEqual([
    'resolved',
    'Resource is gone: "Buckets keep versions": a',
  ]);
  expect(new Set([draftOf(), worse, resolved].map(({ fingerprint }) => fingerprint)).size).toBe(1);
});

test('each transition has a key of its own, so that none passes for a repeat of another', () => {
  const drafts = [
    draftOf(),
    draftOf({ kind: 'worse' }),
    draftOf({ kind: 'resolved' }),
    draftOf({ scanId: 'scn_2' }),
    draftOf({ finding: failure('b') }),
  ];
  expect(new Set(drafts.map(({ dedupeKey }) => dedupeKey)).size).toBe(drafts.length);
  expect(drafts.every(({ dedupeKey }) => /^[0-9a-f]{64}$/.test(dedupeKey))).toBe(true);
});

test('whatever a resource is named, what people read is one harmless line', () => {
  const unit = fc.constantFrom('a', '\u{1f600}', '\u202e', '\u2028', '\n', '\0');
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 400 }), (name) => {
      const { title, labels, subject } = draftOf({
        finding: { ...failure('a'), resource: { type: 'bucket', arn: `arn:${name}`, name, region: 'r' } },
      });
      for (const text of [title, subject?.id ?? '', subject?.name ?? 'a', ...Object.values(labels)]) {
        expect(text).toMatch(/^[^\p{Cc}\p{Cs}\u2028-\u202e]+$/u);
        expect(text.length).toBeLessThanOrEqual(2_048);
      }
      expect(title.length).toBeLessThanOrEqual(300);
    }),
  );
});
