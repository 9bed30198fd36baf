import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_ID_PATTERN } from '../kernel/ids.ts';
import { readEventFile } from './event-file.ts';

const minimal = { source: 'app-waf', type: 'pulse' };

describe('readEventFile', () => {
  it('needs only source and type', () => {
    expect(readEventFile(minimal)).toMatchObject({
      ...minimal,
      severity: 'unknown',
      title: 'pulse',
      occurredAt: undefined,
      subject: undefined,
      labels: {},
      observables: [],
      link: undefined,
      internalAlert: undefined,
    });
  });

  it('makes equal events of equal files, with ids in the form of real ones', () => {
    const one = readEventFile({ ...minimal });
    expect(one).toEqual(readEventFile({ ...minimal }));
    expect(one).toHaveProperty('id', expect.stringMatching(new RegExp(EVENT_ID_PATTERN)));
    expect(readEventFile({ ...minimal, title: 'other' })).not.toHaveProperty('id', 'id' in one ? one.id : '');
  });

  it('keeps what is written', () => {
    const written = {
      ...minimal,
      id: 'evt_01890a5d-ac96-774b-bcce-b302099a8057',
      severity: 'high',
      title: 'A pulse',
      occurredAt: '2026-01-02T03:04:05Z',
      receivedAt: 1_700_000_000_000,
      subject: { kind: 'application', id: 'a1', name: 'Shop' },
      labels: { environment: 'production' },
      observables: [{ kind: 'ip', value: '192.0.2.1' }],
      geo: { source: 'RU', destination: undefined, allowed: false },
      link: 'https://example.org/pulse',
      internalAlert: { pulse_genre: 'scan' },
      payload: '{}',
    };
    expect(readEventFile(written)).toMatchObject({ ...written, occurredAt: Date.UTC(2026, 0, 2, 3, 4, 5) });
  });

  it('takes null as absent and lets members of the API be that are no fields', () => {
    const read = readEventFile({
      ...minimal,
      severity: null,
      subject: null,
      geo: null,
      link: null,
      duplicates: 3,
      deliveries: [],
    });
    expect(read).toMatchObject({ severity: 'unknown', subject: undefined, geo: undefined, link: undefined });
  });

  it('takes the countries as the API tells them', () => {
    const geo = { source: null, destination: 'private', allowed: true };
    const expected = { source: undefined, destination: 'private', allowed: true };
    expect(readEventFile({ ...minimal, geo })).toHaveProperty('geo', expected);
  });

  it('takes `internal: true` for an internal alert', () => {
    expect(readEventFile({ ...minimal, internal: true })).toHaveProperty('internalAlert', {});
    expect(readEventFile({ ...minimal, internal: false })).toHaveProperty('internalAlert', undefined);
  });

  it.each<[string, unknown, string[]]>([
    ['no object', [minimal], ['']],
    ['nothing in it', {}, ['type', 'source']],
    ['empty texts', { source: '', type: '' }, ['type', 'source']],
    ['texts of another kind', { source: 1, type: true }, ['type', 'source']],
    ['a misspelt name', { ...minimal, sevrity: 'high' }, ['sevrity']],
    ['an unknown severity', { ...minimal, severity: 'urgent' }, ['severity']],
    ['a time that is none', { ...minimal, occurredAt: 'yesterday' }, ['occurredAt']],
    ['an id that is none', { ...minimal, id: 'x' }, ['id']],
    ['half a subject', { ...minimal, subject: { kind: 'a', nmae: 'b' } }, ['subject.nmae', 'subject.id']],
    ['a subject that is text', { ...minimal, subject: 'a' }, ['subject']],
    ['a label that is a number', { ...minimal, labels: { a: 'x', port: 443 } }, ['labels.port']],
    ['labels as a list', { ...minimal, labels: ['a'] }, ['labels']],
    ['observables as a map', { ...minimal, observables: { ip: 'a' } }, ['observables']],
    [
      'observables without kind or value',
      { ...minimal, observables: [{ kind: 'mac', value: 'a' }, { kind: 'ip' }, 'a'] },
      ['observables[0].kind', 'observables[1].value', 'observables[2]'],
    ],
    ['internal as text', { ...minimal, internal: 'yes' }, ['internal']],
    ['countries as text', { ...minimal, geo: 'FR' }, ['geo']],
    ['countries that nobody judged', { ...minimal, geo: { source: 'FR' } }, ['geo.allowed']],
    [
      'countries by other names',
      { ...minimal, geo: { source: 'fr', destination: 7, allowed: true, sorce: 'FR' } },
      ['geo.sorce', 'geo.source', 'geo.destination'],
    ],
  ])('tells what is wrong: %s', (_name, value, paths) => {
    const faults = readEventFile(value);
    expect(Array.isArray(faults) && faults.map((fault) => fault.path)).toEqual(paths);
  });

  it('never throws, whatever the file holds', () => {
    const keys = fc.constantFrom(
      'source',
      'type',
      'id',
      'labels',
      'subject',
      'observables',
      'geo',
      'internal',
      '__proto__',
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(keys, fc.jsonValue())), (value) => {
        expect(readEventFile(value)).toBeDefined();
      }),
    );
  });
});
