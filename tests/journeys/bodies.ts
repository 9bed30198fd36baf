const nested = (depth: number): string => `[${'{"a":'.repeat(depth - 1)}1${'}'.repeat(depth - 1)}]`;
const items = (count: number): string =>
  JSON.stringify(Array.from({ length: count }, (_, n) => ({ id: `n${n}` })));

/** Signed, these are 422. */
export const invalidBodies: Readonly<Record<string, string | Buffer>> = {
  'an empty array': '[]',
  'an object': '{}',
  'an object that the original would have taken for one': '{"0": {}, "length": 1}',
  'a number': '1',
  'a text': '"[{}]"',
  null: 'null',
  'an array with a number': '[1]',
  'an array with a null': '[null]',
  'an array in an array': '[[{}]]',
  'truncated JSON': '[{"id": "a"}',
  'JSON cut within a text': '[{"id": "a',
  'two documents': '[{}][{}]',
  'a comma at the end': '[{},]',
  'a comment': '[{}] // fine',
  'not a number': '[{"a": NaN}]',
  'a byte order mark': Buffer.from('\ufeff[{}]'),
  'bytes that are not UTF-8': Buffer.from([0x5b, 0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d, 0x5d]),
  'an overlong encoding': Buffer.from([0x5b, 0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d, 0x5d]),
  'UTF-16': Buffer.from('[{}]', 'utf16le'),
  'an empty body': '',
  blanks: '  \n',
  'nesting of 65 levels': nested(65),
  'nesting of 200,000 levels': '['.repeat(200_000),
  '1,001 objects': items(1_001),
};

/** Signed, these are 200. */
export const validBodies: Readonly<Record<string, string>> = {
  'one empty object': '[{}]',
  'nesting of 64 levels': nested(64),
  '1,000 objects': items(1_000),
  'blanks around': ' \r\n\t[ {"id": "in blanks"} ]\n',
  'duplicate keys': '[{"id": "first", "id": "last"}]',
  'keys that touch prototypes':
    '[{"id": "p", "__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}]',
  'hidden keys that touch prototypes': String.raw`[{"\u005f_proto__": {"polluted": true}, "x": {"__proto__": 1}}]`,
  'half of a surrogate pair, escaped': String.raw`[{"event_kind": "\ud800", "message": {"event_id": "\udfff"}}]`,
  'NUL, escaped': String.raw`[{"event_kind": "a\u0000b", "application_id": "\u0000"}]`,
  'numbers beyond a double': '[{"id": 1e999, "risk": 123456789012345678901234567890}]',
  'a type of many characters': JSON.stringify([{ sqreen_payload_type: 'x'.repeat(100_000) }]),
};
