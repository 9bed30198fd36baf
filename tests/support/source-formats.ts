import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import * as fc from 'fast-check';
import type { TObject } from 'typebox';
import { Check, Default } from 'typebox/value';
import { expect } from 'vitest';
import { severities, type EventDraft } from '../../src/events/event.ts';
import type { Fault } from '../../src/kernel/fault.ts';
import type { Headers } from '../../src/sources/schemes/scheme.ts';
import type { Parsed, SourceKind } from '../../src/sources/source.ts';

const FIXTURES = new URL('../../../tests/fixtures/', import.meta.url);

/** A public sample, or one made after a vendor's description; the README beside it says which. */
export function fixture(path: string): string {
  return readFileSync(new URL(path, FIXTURES), 'utf8');
}

export interface OpenedFormat {
  parse(body: string | Buffer, headers?: Headers, messageId?: string): Parsed;
  /** Of a body that must be taken. */
  drafts(body: string | Buffer, headers?: Headers, messageId?: string): readonly EventDraft[];
  /** Of a body that holds one notification. */
  draft(body: string | Buffer, headers?: Headers, messageId?: string): EventDraft;
  /** Why a body is refused. */
  detail(body: string | Buffer): string;
}

/** A kind's format as the service opens it: defaults filled in, settings checked. Nothing is verified. */
export function openFormat<Settings extends TObject>(
  kind: SourceKind<Settings>,
  input: object = {},
  id = 'source-1',
): OpenedFormat {
  const settings = settingsOf(kind, input);
  const format = kind.open(settings, { id, ownApplication: {} });
  const parse: OpenedFormat['parse'] = (body, headers = {}, messageId) =>
    format.parse({ headers, body: Buffer.from(body), messageId });
  const drafts: OpenedFormat['drafts'] = (...message) => {
    const parsed = parse(...message);
    if (parsed.kind === 'invalid') throw new Error(parsed.detail);
    return parsed.drafts;
  };
  return {
    parse,
    drafts,
    draft(...message) {
      const [draft, ...others] = drafts(...message);
      if (draft === undefined || others.length > 0) throw new Error('one notification was expected');
      return draft;
    },
    detail(body) {
      const parsed = parse(body);
      if (parsed.kind !== 'invalid') throw new Error('it was taken');
      return parsed.detail;
    },
  };
}

/** The faults that a kind's own check finds. */
export function settingsFaults<Settings extends TObject>(
  kind: SourceKind<Settings>,
  input: object,
): readonly Fault[] {
  return kind.check?.(settingsOf(kind, input)) ?? [];
}

function settingsOf<Settings extends TObject>(kind: SourceKind<Settings>, input: object) {
  const settings: unknown = Default(kind.settings, structuredClone(input));
  if (!Check(kind.settings, settings)) throw new Error(`not settings of ${kind.kind}`);
  return settings;
}

/** Every guarantee of a draft that storage, rules and targets rely on. */
export function expectSound(draft: EventDraft): void {
  expect(draft.type).toMatch(/^[a-z0-9_.-]{1,160}$/);
  expect(severities).toContain(draft.severity);
  expect(draft.title.length).toBeGreaterThan(0);
  expect(draft.dedupeKey).toMatch(/^[0-9a-f]{64}$/);
  expect(draft.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  expect(draft.observables.length).toBeLessThanOrEqual(100);
  expect(Object.keys(draft.labels).length).toBeLessThanOrEqual(40);
  expect(Object.getPrototypeOf(draft.labels)).toBe(Object.prototype);
  expect(draft.link ?? 'https://').toMatch(/^https?:\/\//i);
  expect(draft.link?.length ?? 0).toBeLessThanOrEqual(2_048);
  expect(draft.occurredAt === undefined || Number.isSafeInteger(draft.occurredAt)).toBe(true);
  expectHarmless(draft.title, 300);
  expectHarmless(draft.subject?.kind ?? '', 60);
  expectHarmless(draft.subject?.id ?? '', 256);
  expectHarmless(draft.subject?.name ?? '', 256);
  for (const [name, value] of Object.entries(draft.labels)) {
    expectHarmless(name, 60);
    expectHarmless(value, 500);
  }
  for (const { value } of draft.observables) expectHarmless(value, 2_048);
  for (const side of [draft.endpoints?.source, draft.endpoints?.destination]) {
    expect(side?.length ?? 0).toBeLessThanOrEqual(100);
    for (const { address, country } of side ?? []) {
      expect(address ?? country).toBeDefined();
      expect(isIP(address ?? '::1')).toBeGreaterThan(0);
      expect(country ?? 'FR').toMatch(/^[A-Za-z]{2,3}$/);
    }
  }
}

function expectHarmless(text: string, lengthMax: number): void {
  expect(text.length).toBeLessThanOrEqual(lengthMax);
  expect(/[\p{Cc}\p{Cs}]/u.test(text)).toBe(false);
}

/** A format takes whatever JSON and whatever bytes, or says why not: it never throws, and its events are sound. */
export function expectSafe(format: OpenedFormat, samples: readonly string[], headers: Headers = {}): void {
  const check = (body: string | Buffer): void => {
    const parsed = format.parse(body, headers);
    if (parsed.kind === 'invalid') expect(parsed.detail).not.toBe('');
    else for (const draft of parsed.drafts) expectSound(draft);
  };
  fc.assert(fc.property(fc.uint8Array(), (bytes) => check(Buffer.from(bytes))));
  fc.assert(fc.property(fc.json(), (text) => check(text)));
  const records = samples.map((text): unknown => JSON.parse(text));
  fc.assert(
    fc.property(fc.constantFrom(...records), fc.nat(), hostileValue(records), (record, at, value) =>
      check(JSON.stringify(replaced(record, at, value))),
    ),
    { numRuns: 600 },
  );
  const long = 'x'.repeat(100_000);
  for (const record of records) {
    check(JSON.stringify(record, (_key, value: unknown) => (typeof value === 'string' ? long : value)));
    check(
      JSON.stringify(record, (_key, value: unknown) =>
        typeof value === 'string' ? `${value}\0\u202e\ud800` : value,
      ),
    );
    check(
      JSON.stringify(record).replaceAll('{', '{"__proto__":{"polluted":1},"constructor":{"prototype":{}},'),
    );
  }
  check(`${'{"alerts":['.repeat(40_000)}1`);
  check(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
}

/** A copy of a record with the value at one of its places replaced, the root being the last place. */
function replaced(record: unknown, at: number, value: unknown): unknown {
  const root = { record: structuredClone(record) };
  const places: (() => void)[] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      places.push(() => void Reflect.set(node, key, value));
      walk(Reflect.get(node, key));
    }
  };
  walk(root);
  places[at % places.length]?.();
  return root.record;
}

/** JSON values of every type, with the names of the samples' own members among the keys. */
function hostileValue(records: readonly unknown[]): fc.Arbitrary<unknown> {
  const names = [...new Set([...memberNames(records), '__proto__', 'constructor', 'toString', 'length'])];
  return fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'hostile' },
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.double({ noNaN: true }),
        fc.boolean(),
        fc.constantFrom(
          null,
          '',
          '0001-01-01T00:00:00Z',
          'https://a/',
          'firing',
          'resolved',
          -1,
          1e300,
          2 ** 53,
        ),
      ),
      fc.array(tie('node'), { maxLength: 4, depthIdentifier: 'hostile' }),
      fc.dictionary(fc.constantFrom(...names), tie('node'), { maxKeys: 6, depthIdentifier: 'hostile' }),
    ),
  })).node;
}

function memberNames(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Array.isArray(value) ? [] : Object.keys(value);
  return [...own, ...Object.values(value).flatMap(memberNames)];
}

/** The faults of a check, as `path: message`. */
export const faultTexts = (faults: readonly Fault[]): readonly string[] =>
  faults.map(({ path, message }) => `${path}: ${message}`);
