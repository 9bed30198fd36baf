import { describe, expect, it } from 'vitest';
import { hostileEvent, sampleEvent } from '../../tests/support/sample-event.ts';
import { TOPIC_PATTERN, topicFaults, topicName } from './topic-name.ts';

describe('the name that a broker routes by', () => {
  it('holds what its braces name', () => {
    const event = sampleEvent();
    expect(topicName('security.{severity}.{source}')(event)).toBe('security.high.sqreen');
    expect(topicName('events.{type}')(event)).toBe(`events.${event.type}`);
    expect(topicName('plain-queue')(event)).toBe('plain-queue');
  });

  it('has no wildcard, blank or further level of a sender’s making, and is short', () => {
    const name = topicName('a.{source}.{type}')({ ...hostileEvent(), source: 'x.*.>' });
    expect(name).toMatch(/^a\.x___{0,3}\.[A-Za-z0-9_.-]+$/);
    expect(name.length).toBeLessThan(255);
    expect(topicName('{type}')(sampleEvent({ type: '' }))).toBe('_');
    expect(topicName('{type}')(sampleEvent({ type: 'a..b.>' }))).toBe('a._.b._');
  });

  it.each(['{severety}', '{severity', 'severity}', '{}', '{constructor}', '{{severity}}'])(
    'finds the fault in %s',
    (pattern) => expect(topicFaults('subject', pattern)).toHaveLength(1),
  );

  it.each(['a b', 'a..b', '.a', 'a.', 'a.*', 'a.>', 'a.#', ''])('does not take %j', (pattern) => {
    expect(new RegExp(TOPIC_PATTERN).test(pattern)).toBe(false);
  });
});
