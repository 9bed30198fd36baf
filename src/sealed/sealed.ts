/**
 * Sealed messages, version 1 (docs/sealed-format.md): made and opened by who has the link, in the browser and in Node
 * alike. The server gets the ciphertext, the hash of the claim token and, with a claim, the token; never key or text.
 * The browser gets this file as it is compiled, and waits for it: it stays small.
 */
export interface Content {
  readonly text: string;
  /** At most FILES_MAX. */
  readonly files: readonly SealedFile[];
}

/** Of an opened message too only what `harmless` leaves: whoever made it may have written anything there. */
export interface FileHead {
  /** At most 255 UTF-16 units, no path; nothing unseen or turned around, hidden, or forbidden by Windows. */
  readonly name: string;
  /** A media type; whatever else is there becomes `application/octet-stream`. */
  readonly type: string;
}

export interface SealedFile extends FileHead {
  readonly bytes: Bytes;
}

/** What the part of a link behind `#` says. */
export type Fragment =
  | { readonly version: 1; readonly key: Bytes; readonly needsPassword: boolean }
  /** A message of a later version than this code knows. */
  | { readonly version: 'newer' };

/** What is made of a content. */
export interface Sealed {
  /** The envelope in base64url: for the server. */
  readonly ciphertext: string;
  /** SHA-256 of the claim token's 32 bytes in base64url: for the server too. */
  readonly claimHash: string;
  /** Behind the link's address, with its `#`: for nobody but the reader. */
  readonly fragment: string;
}

/** Another password than the maker's gives another claim token, which the server refuses: nothing is lost by it. */
export interface Unlocked {
  /** 32 bytes in base64url: what a claim must bring. */
  readonly claimToken: string;
  /** Rejects with SealedFault. */
  open(ciphertext: string): Promise<Content>;
}

type Bytes = Uint8Array<ArrayBuffer>;
/** `size` in bytes; a browser's File is one. */
type SizedHead = FileHead & { readonly size: number };
type Way =
  | { readonly name: 'HKDF'; readonly salt: Bytes; readonly info: Bytes }
  | { readonly name: 'PBKDF2'; readonly salt: Bytes; readonly iterations: number };
/** As they come out of JSON. */
type UncheckedContent = { readonly text?: unknown; readonly files?: unknown };
type UncheckedHead = { readonly name?: unknown; readonly type?: unknown; readonly size?: unknown };

/** Which of the two helps only who tries. */
export class SealedFault extends Error {
  override message = 'This message was altered, or it is of another version.';
}

export const FILES_MAX = 20;
const LABEL = 'tocsin message v1';
const { subtle } = crypto;

const utf8 = (text: string) => new TextEncoder().encode(text);
const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const padded = (length: number) => Math.ceil(length / 256) * 256;
const joined = async (...parts: Bytes[]) => new Uint8Array(await new Blob(parts).arrayBuffer());

/** An empty password is none. */
export async function seal(content: Content, password?: string): Promise<Sealed> {
  const key = random(32);
  const iv = random(12);
  const { claim, data } = await derive(key, password || undefined);
  const sealed = await subtle.encrypt(cipher(iv), await aesKey(data), await plainOf(content));
  return {
    ciphertext: base64url(await joined(Uint8Array.of(1), iv, new Uint8Array(sealed))),
    claimHash: base64url(new Uint8Array(await subtle.digest('SHA-256', claim))),
    fragment: `#1${password ? 'p' : ''}.${base64url(key)}`,
  };
}

/** With or without its `#`; undefined when it is none. */
export function readFragment(fragment: string): Fragment | undefined {
  const [, version, mark, text = ''] = /^#?([1-9]\d*)([a-z]*)\.([\w-]{43,})$/.exec(fragment) ?? [];
  if (!version) return undefined;
  if (version !== '1') return { version: 'newer' };
  const key = text.length === 43 ? bytesOf(text) : undefined;
  return key && (!mark || mark === 'p') ? { version: 1, key, needsPassword: !!mark } : undefined;
}

export async function unlock(
  { key, needsPassword }: Extract<Fragment, { version: 1 }>,
  password = '',
): Promise<Unlocked> {
  const { claim, data } = await derive(key, needsPassword ? password : undefined);
  return {
    claimToken: base64url(claim),
    async open(ciphertext) {
      try {
        const envelope = bytesOf(ciphertext);
        if (envelope?.[0] !== 1) throw new SealedFault();
        const iv = envelope.subarray(1, 13);
        const plain = subtle.decrypt(cipher(iv), await aesKey(data), envelope.subarray(13));
        return contentOf(new Uint8Array(await plain));
      } catch {
        throw new SealedFault();
      }
    },
  };
}

/** Bytes before sealing. */
export const contentBytes = (text: string, files: readonly SizedHead[]): number =>
  files.reduce((sum, { size }) => sum + size, 4 + headerOf(text, files).length);

/** Characters of the ciphertext. */
export const sealedBytes = (contentBytes: number): number =>
  Math.ceil(((1 + 12 + padded(contentBytes) + 16) * 4) / 3);

const cipher = (iv: Bytes) => ({ name: 'AES-GCM', iv, additionalData: utf8(LABEL) });

const aesKey = (bytes: Bytes) => subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);

async function derive(key: Bytes, password: string | undefined) {
  const hkdf = (purpose: string, length = 32) =>
    bits(key, { name: 'HKDF', salt: new Uint8Array(), info: utf8(`${LABEL} ${purpose}`) }, length);
  if (password !== undefined) {
    const salt = await hkdf('password salt', 16);
    // The same password from another keyboard.
    const typed = utf8(password.normalize('NFC'));
    key = await joined(key, await bits(typed, { name: 'PBKDF2', salt, iterations: 600_000 }, 32));
  }
  return { claim: await hkdf('claim'), data: await hkdf('data') };
}

async function bits(secret: Bytes, way: Way, length: number): Promise<Bytes> {
  const key = await subtle.importKey('raw', secret, way.name, false, ['deriveBits']);
  return new Uint8Array(await subtle.deriveBits({ ...way, hash: 'SHA-256' }, key, length * 8));
}

async function plainOf({ text, files }: Content): Promise<Bytes> {
  if (files.length > FILES_MAX) throw new RangeError('too many files');
  const header = headerOf(
    text,
    files.map(({ name, type, bytes }) => ({ name, type, size: bytes.length })),
  );
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, header.length);
  const plain = await joined(length, header, ...files.map(({ bytes }) => bytes));
  return joined(plain, new Uint8Array(padded(plain.length) - plain.length));
}

const headerOf = (text: string, files: readonly SizedHead[]) =>
  utf8(JSON.stringify({ text, files: files.map((file) => ({ ...harmless(file), size: file.size })) }));

function contentOf(plain: Bytes): Content {
  let at = 4 + new DataView(plain.buffer).getUint32(0);
  const header = new TextDecoder('utf-8', { fatal: true }).decode(plain.subarray(4, at));
  const { text, files }: UncheckedContent = JSON.parse(header);
  if (typeof text !== 'string' || !Array.isArray(files) || files.length > FILES_MAX) throw new SealedFault();
  const opened = files.map(({ name, type, size }: UncheckedHead) => {
    if (typeof name !== 'string' || typeof type !== 'string') throw new SealedFault();
    if (typeof size !== 'number' || size < 0 || size % 1 !== 0) throw new SealedFault();
    return { ...harmless({ name, type }), bytes: plain.subarray(at, (at += size)) };
  });
  if (padded(at) !== plain.length || plain.subarray(at).some(Boolean)) throw new SealedFault();
  return { text, files: opened };
}

const harmless = ({ name, type }: FileHead): FileHead => ({
  name: name.slice(0, 255).replace(/[\p{C}\p{Zl}\p{Zp}/\\:*?"<>|]|^\.|[. ]$|^$/gu, '_'),
  type: /^[\w.+-]{1,99}\/[\w.+-]{1,99}$/.test(type) ? type : 'application/octet-stream',
});

function base64url(bytes: Bytes): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Only what `base64url` writes: one text for one envelope. */
function bytesOf(text: string): Bytes | undefined {
  const chars = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = new Uint8Array(chars.length);
  for (let at = 0; at < chars.length; at += 1) bytes[at] = chars.charCodeAt(at);
  return base64url(bytes) === text ? bytes : undefined;
}
