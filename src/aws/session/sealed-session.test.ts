import { createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type HeldSession, openSession, sealSession, sessionIdOf } from './sealed-session.ts';

const held: HeldSession = {
  principal: {
    kind: 'keys',
    keys: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'the-secret', sessionToken: 'the-token' },
    role: { arn: 'arn:aws:iam::123456789012:role/reader', externalId: 'the-external-id' },
    region: 'us-west-2',
  },
  identity: { accountId: '123456789012', arn: 'arn:aws:iam::123456789012:user/a', partition: 'aws' },
  expiresAt: 1,
};

test('opens with its own token, where the token was given out, and nowhere else', () => {
  const token = randomBytes(32);
  const sealed = sealSession(held, token, 'plain');
  expect(openSession(sealed, token, 'plain')).toEqual(held);
  expect(openSession(sealed, token, 'secure')).toBeUndefined();
  expect(openSession(sealed, randomBytes(32), 'plain')).toBeUndefined();
});

test('an altered record opens no session', () => {
  const token = randomBytes(32);
  const raw = Buffer.from(sealSession(held, token, 'plain'), 'base64');
  fc.assert(
    fc.property(fc.nat(raw.length - 1), fc.integer({ min: 1, max: 255 }), (index, change) => {
      const altered = Buffer.from(raw);
      altered.writeUInt8(altered.readUInt8(index) ^ change, index);
      expect(openSession(altered.toString('base64'), token, 'plain')).toBeUndefined();
    }),
  );
  for (const cut of [0, 1, 28, 29, raw.length - 1]) {
    expect(openSession(raw.subarray(0, cut).toString('base64'), token, 'plain')).toBeUndefined();
  }
});

test('a record shows nothing of what it holds, and nothing of what opens it', () => {
  const token = randomBytes(32);
  const sealed = Buffer.from(sealSession(held, token, 'plain'), 'base64');
  const shown = [sealed.toString('latin1'), sealed.toString('base64'), sealed.toString('hex')].join('\n');
  const texts = ['AKIAIOSFODNN7EXAMPLE', 'the-secret', 'the-token', '123456789012', 'external', 'us-west-2'];
  for (const text of texts) expect(shown).not.toContain(text);
  for (const encoding of ['latin1', 'base64', 'hex'] as const)
    expect(shown).not.toContain(token.toString(encoding));
});

test('the hash that a record lies under does not open it, by whatever name the key is made', () => {
  const token = randomBytes(32);
  const raw = Buffer.from(sealSession(held, token, 'plain'), 'base64');
  const id = sessionIdOf(token);
  for (const guess of [id, Buffer.from(id, 'hex')]) {
    const key = Buffer.from(hkdfSync('sha256', guess, 'tocsin', 'aws-session/plain', 32));
    const decipher = createDecipheriv('aes-256-gcm', key, raw.subarray(1, 13))
      .setAAD(Buffer.from(id))
      .setAuthTag(raw.subarray(13, 29));
    decipher.update(raw.subarray(29));
    expect(() => decipher.final()).toThrow();
  }
});

test('the same session is sealed anew each time', () => {
  const token = randomBytes(32);
  expect(sealSession(held, token, 'plain')).not.toBe(sealSession(held, token, 'plain'));
});
