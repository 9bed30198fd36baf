import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openByNode, sealByNode, sealedKeys, sealedPlain } from '../../tests/support/sealed-by-node.ts';
import {
  type Content,
  contentBytes,
  FILES_MAX,
  readFragment,
  seal,
  sealedBytes,
  SealedFault,
  unlock,
} from './sealed.ts';
import published from './vectors.json' with { type: 'json' };

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));

async function unlocked(fragment: string, password?: string) {
  const parts = readFragment(fragment);
  if (parts?.version !== 1) throw new Error('a fragment of version 1 was expected');
  return unlock(parts, password);
}

/** What a maker with bad intents has sealed, as its reader sees it. */
async function opened(plain: Uint8Array): Promise<Content> {
  const key = randomBytes(32);
  const { open } = await unlocked(`#1.${key.toString('base64url')}`);
  return open(sealByNode(sealedKeys(key).dataKey, randomBytes(12), plain));
}

describe('the published vectors', () => {
  test.each(published.vectors)('$name: the format’s page and node:crypto make the same', (vector) => {
    const { key, password, nonce, text, files } = vector;
    const keys = sealedKeys(bytesOf(key), password);
    const heads = files.map(({ name, type, bytes }) => ({ name, type, size: bytesOf(bytes).length }));
    const bytes = Buffer.concat(files.map((file) => bytesOf(file.bytes)));
    const plain = sealedPlain(JSON.stringify({ text, files: heads }), bytes);
    expect({
      salt: keys.salt?.toString('base64url'),
      dataKey: keys.dataKey.toString('base64url'),
      claimToken: keys.claimToken.toString('base64url'),
      claimHash: keys.claimHash,
      ciphertext: sealByNode(keys.dataKey, bytesOf(nonce), plain),
    }).toEqual({
      salt: vector.password_salt,
      dataKey: vector.data_key,
      claimToken: vector.claim_token,
      claimHash: vector.claim_hash,
      ciphertext: vector.ciphertext,
    });
  });

  test.each(published.vectors)('$name: opens', async ({ fragment, password, claim_token, ...vector }) => {
    const { claimToken, open } = await unlocked(fragment, password);
    expect(claimToken).toBe(claim_token);
    const files = vector.files.map((file) => ({ ...file, bytes: bytesOf(file.bytes) }));
    expect(await open(vector.ciphertext)).toEqual({ text: vector.text, files });
  });
});

test('the format’s page says the same as the vectors', () => {
  const page = readFileSync(new URL('../../../docs/sealed-format.md', import.meta.url), 'utf8');
  const [first] = published.vectors;
  const { ciphertext = '', files, ...values } = first ?? {};
  const shown = Object.values(values).filter((value) => value !== first?.name);
  for (const value of [...shown, ciphertext.slice(0, 24), ciphertext.slice(-24)])
    expect(page).toContain(value);
  expect([shown.length, files]).toEqual([7, []]);
});

/** Any UTF-16, halves of pairs too: what somebody pastes comes back as it was. */
const anyText = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)), maxLength: 400 });
const anyFile = fc.record({
  name: fc.stringMatching(/^[a-zäöü0-9][\w -]{0,20}\.[a-z]{1,4}$/),
  type: fc.constantFrom('text/plain', 'image/svg+xml', 'application/octet-stream'),
  bytes: fc.uint8Array({ maxLength: 600 }).map((bytes) => new Uint8Array(bytes)),
});
const anyFiles = fc.array(anyFile, { maxLength: 3 });

test('whatever was sealed comes back, and its size was known before', async () => {
  await fc.assert(
    fc.asyncProperty(anyText, anyFiles, async (text, files) => {
      const { ciphertext, fragment } = await seal({ text, files });
      expect(fragment).toMatch(/^#1\.[\w-]{43}$/);
      const sized = files.map(({ name, type, bytes }) => ({ name, type, size: bytes.length }));
      expect(ciphertext).toHaveLength(sealedBytes(contentBytes(text, sized)));
      const { open } = await unlocked(fragment);
      expect(await open(ciphertext)).toEqual({ text, files });
    }),
    { numRuns: 200 },
  );
});

test('with a password too, and another one gives another claim token and opens nothing', async () => {
  await fc.assert(
    fc.asyncProperty(anyText, anyText, anyText, async (text, some, other) => {
      const password = `p${some}`;
      fc.pre(Buffer.from(password.normalize('NFC')).compare(Buffer.from(other.normalize('NFC'))) !== 0);
      const { ciphertext, claimHash, fragment } = await seal({ text, files: [] }, password);
      const right = await unlocked(fragment, password);
      const wrong = await unlocked(fragment, other);
      expect(await right.open(ciphertext)).toEqual({ text, files: [] });
      expect(sealedKeys(bytesOf(fragment.slice('#1p.'.length)), password).claimHash).toBe(claimHash);
      expect(wrong.claimToken).not.toBe(right.claimToken);
      await expect(wrong.open(ciphertext)).rejects.toThrow(SealedFault);
    }),
    { numRuns: 3 },
  );
});

test('a password is the same however its letters were composed; an empty one is none', async () => {
  const { ciphertext, fragment } = await seal({ text: 'x', files: [] }, 'Zürich');
  const { open } = await unlocked(fragment, 'Zu\u0308rich');
  expect(await open(ciphertext)).toMatchObject({ text: 'x' });
  expect((await seal({ text: 'x', files: [] }, '')).fragment).toMatch(/^#1\./);
});

test('what is sealed twice has nothing in common but its length, and that only tells 256 bytes', async () => {
  const [one, two] = await Promise.all(['a', 'b'.repeat(150)].map((text) => seal({ text, files: [] })));
  expect(one?.ciphertext).toHaveLength(two?.ciphertext.length ?? 0);
  expect(one?.ciphertext.slice(2, 18)).not.toBe(two?.ciphertext.slice(2, 18));
  expect([one?.fragment, one?.claimHash]).not.toContain(two?.fragment);
  expect(one?.claimHash).not.toBe(two?.claimHash);
});

test('the server’s share opens nothing: neither ciphertext nor claim hash holds key, text or token', async () => {
  const { ciphertext, claimHash, fragment } = await seal({ text: 'the secret', files: [] });
  const key = bytesOf(fragment.slice('#1.'.length));
  const { claimToken } = await unlocked(fragment);
  const known = Buffer.concat([bytesOf(ciphertext), bytesOf(claimHash)]);
  for (const hidden of [key, bytesOf(claimToken), Buffer.from('the secret')]) {
    expect(known.includes(Buffer.from(hidden))).toBe(false);
  }
  for (const guess of [key, bytesOf(claimToken), bytesOf(claimHash)]) {
    expect(() => openByNode(guess, ciphertext)).toThrow();
  }
  expect(openByNode(sealedKeys(key).dataKey, ciphertext).includes('the secret')).toBe(true);
});

test('any changed bit of the envelope fails, and so does any other length', async () => {
  const { ciphertext, fragment } = await seal({ text: 'pay 100 to A', files: [] });
  const { open } = await unlocked(fragment);
  const envelope = bytesOf(ciphertext);
  for (let bit = 0; bit < envelope.length * 8; bit += 1) {
    const changed = Buffer.from(envelope);
    changed[bit >> 3] = (envelope[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    await expect(open(changed.toString('base64url')), `bit ${bit}`).rejects.toThrow(SealedFault);
  }
  const others = Array.from({ length: envelope.length }, (_, length) => envelope.subarray(0, length));
  for (const other of [...others, Buffer.concat([envelope, Buffer.of(0)])]) {
    await expect(open(Buffer.from(other).toString('base64url'))).rejects.toThrow(SealedFault);
  }
});

test('one envelope has one text: no other characters, no padding, no spare bits', async () => {
  // 541 bytes: the last character has spare bits.
  const { ciphertext, fragment } = await seal({ text: 'x'.repeat(300), files: [] });
  expect(Buffer.from(ciphertext, 'base64url')).toHaveLength(541);
  const { open } = await unlocked(fragment);
  const variants = [
    `${ciphertext}=`,
    `${ciphertext} `,
    ` ${ciphertext}`,
    `${ciphertext}\n`,
    `${ciphertext}é`,
    ciphertext.replace(/.$/, 'ü'),
    ciphertext.replaceAll(/./g, (char) => ({ '-': '+', _: '/' })[char] ?? char),
    ...[...'ABCDEFGHIJKLMNOPQRSTUVWXYZ-_'].map((char) => ciphertext.replace(/.$/, char)),
  ].filter((variant) => variant !== ciphertext);
  for (const variant of variants) await expect(open(variant), variant).rejects.toThrow(SealedFault);
});

test('another key gives another claim token, which opens nothing', async () => {
  const { ciphertext, fragment } = await seal({ text: 'x', files: [] });
  const right = await unlocked(fragment);
  await fc.assert(
    fc.asyncProperty(fc.nat(255), async (bit) => {
      const key = Buffer.from(bytesOf(fragment.slice('#1.'.length)));
      key[bit >> 3] = (key[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const wrong = await unlocked(`#1.${key.toString('base64url')}`);
      expect(wrong.claimToken).not.toBe(right.claimToken);
      await expect(wrong.open(ciphertext)).rejects.toThrow(SealedFault);
    }),
  );
  // The mark of a password is part of what is derived.
  const asked = await unlocked(fragment.replace('#1.', '#1p.'), '');
  expect(asked.claimToken).not.toBe(right.claimToken);
});

describe('a fragment', () => {
  const key = 'A'.repeat(42);

  test.each([
    [`#1.${key}A`, false],
    [`1.${key}A`, false],
    [`#1p.${key}8`, true],
  ])('%s is read', (fragment, needsPassword) => {
    expect(readFragment(fragment)).toMatchObject({ version: 1, needsPassword });
  });

  test.each([`#2.${key}A`, `#12x.${key}${key}`, `2p.${key}A`])('%s is of a newer version', (fragment) => {
    expect(readFragment(fragment)).toEqual({ version: 'newer' });
  });

  test.each([
    '',
    '#',
    '#1',
    '#1.',
    `#1.${key}`,
    `#1.${key}AA`,
    // Spare bits: two texts for one key.
    `#1.${key}B`,
    `##1.${key}A`,
    `#01.${key}A`,
    `#0.${key}A`,
    `#-1.${key}A`,
    `#1x.${key}A`,
    `#1P.${key}A`,
    `#1pp.${key}A`,
    `#1.${key}=`,
    `#1.${key}+`,
    `#1.${key}A `,
    `#1.${key}A\n`,
    ` #1.${key}A`,
    `#2.short`,
    `#x.${key}A`,
    `#1.${key}é`,
  ])('%j is none', (fragment) => {
    expect(readFragment(fragment)).toBeUndefined();
  });

  test('whatever looks like one has one key for one text, or is none; nothing makes its reading throw', () => {
    const like = fc.stringMatching(/^#?1p?\.[\w-]{42,44}$/);
    fc.assert(
      fc.property(fc.oneof(like, fc.string({ unit: 'binary' })), (text) => {
        const read = readFragment(text);
        if (read?.version !== 1) return;
        expect(text).toMatch(new RegExp(`\\.${Buffer.from(read.key).toString('base64url')}$`));
      }),
    );
  });
});

describe('a maker with bad intents', () => {
  const header = (files: unknown, text: unknown = 'x'): string => JSON.stringify({ text, files });
  const file = (overrides: object = {}) => ({ name: 'a.txt', type: 'text/plain', size: 1, ...overrides });
  const byte = Buffer.of(7);
  const tooLong = Buffer.alloc(256);
  tooLong.writeUInt32BE(0xffffffff);
  const unpadded = Buffer.concat([sealedPlain(header([])), Buffer.alloc(256)]);
  const scribbled = sealedPlain(header([]));
  scribbled[255] = 1;

  test.each<[string, Uint8Array]>([
    ['nothing at all', Buffer.of()],
    ['less than a length', Buffer.of(0, 0)],
    ['a header longer than the message', tooLong],
    ['no header', Buffer.alloc(256)],
    ['a header that is no JSON', sealedPlain('{"text": "x", "files": [')],
    ['one that is no UTF-8', sealedPlain(Buffer.from('{"text":"\xff","files":[]}', 'latin1'))],
    ['null', sealedPlain('null')],
    ['a number', sealedPlain('1')],
    ['a list', sealedPlain('[]')],
    ['no text', sealedPlain('{"files":[]}')],
    ['a text that is none', sealedPlain(header([], 1))],
    ['a text of the prototype', sealedPlain('{"__proto__":{"text":"x","files":[]}}')],
    ['no files', sealedPlain('{"text":"x"}')],
    ['files that are no list', sealedPlain(header({ length: 0 }))],
    ['a file that is none', sealedPlain(header([null]))],
    ['a name that is none', sealedPlain(header([file({ name: ['a'] })]), byte)],
    ['a type that is none', sealedPlain(header([file({ type: null })]), byte)],
    ['more files than allowed', sealedPlain(header(Array(FILES_MAX + 1).fill(file({ size: 0 }))))],
    ['a file longer than the message', sealedPlain(header([file({ size: 1_000 })]), byte)],
    ['a file of endless length', sealedPlain(header([file()]).replace('"size":1', '"size":1e999'), byte)],
    ['a file of half a byte', sealedPlain(header([file({ size: 0.5 }), file({ size: 0.5 })]), byte)],
    ['a file of less than nothing', sealedPlain(header([file({ size: 2 }), file({ size: -1 })]), byte)],
    ['a length that is a text', sealedPlain(header([file({ size: '1' })]), byte)],
    ['bytes that belong to no file', sealedPlain(header([file()]), Buffer.of(7, 7))],
    ['no padding', sealedPlain(header([]), undefined, 1)],
    ['more padding than there must be', unpadded],
    ['padding that says something', scribbled],
  ])('is refused: %s', async (_name, plain) => {
    await expect(opened(plain)).rejects.toThrow(new SealedFault());
  });

  test.each([
    ['../../etc/passwd', '_._.._etc_passwd'],
    ['..', '__'],
    ['.', '_'],
    ['', '_'],
    ['.bashrc', '_bashrc'],
    ['C:\\Windows\\x', 'C__Windows_x'],
    ['report\u202efdp.exe', 'report_fdp.exe'],
    ['a\u0000b\u001b[31m\r\n', 'a_b_[31m__'],
    ['a\ud800.txt', 'a_.txt'],
    ['zero\u200bwidth', 'zero_width'],
    ['report.exe. ', 'report.exe._'],
    ['what?*|<">.txt', 'what______.txt'],
    ['Bericht für Zürich (2).pdf', 'Bericht für Zürich (2).pdf'],
  ])('gets no harm into a name: %j is %s', async (name, expected) => {
    const content = await opened(sealedPlain(header([file({ name })]), byte));
    expect(content.files[0]?.name).toBe(expected);
    // And who makes one is told the same name before.
    const sealed = await seal({ text: '', files: [{ name, type: '', bytes: new Uint8Array() }] });
    const { open } = await unlocked(sealed.fragment);
    expect((await open(sealed.ciphertext)).files[0]?.name).toBe(expected);
  });

  test('gets no long name and no other type than a plain one in', async () => {
    const heads = [
      file({ name: 'n'.repeat(100_000) }),
      ...['text/html; charset=x', 'x', '', 'text/\n', `a/${'b'.repeat(200)}`].map((type) => file({ type })),
    ];
    const { files } = await opened(sealedPlain(header(heads), Buffer.alloc(heads.length)));
    expect(files[0]).toMatchObject({ name: 'n'.repeat(255), type: 'text/plain' });
    expect(new Set(files.slice(1).map(({ type }) => type))).toEqual(new Set(['application/octet-stream']));
  });
});

test('more files than can be opened are not sealed', async () => {
  const files = Array.from({ length: FILES_MAX + 1 }, () => ({
    name: 'a',
    type: '',
    bytes: new Uint8Array(),
  }));
  await expect(seal({ text: '', files })).rejects.toThrow(RangeError);
  const { ciphertext, fragment } = await seal({ text: '', files: files.slice(1) });
  expect((await (await unlocked(fragment)).open(ciphertext)).files).toHaveLength(FILES_MAX);
});
