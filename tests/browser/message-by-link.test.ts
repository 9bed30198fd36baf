import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { BrowserPage } from '../support/browser-page.ts';
import { factsBehind, stageBrowser } from '../support/browser-stage.ts';
import { followLink, reveal, sheet, writeMessage } from '../support/message-sheets.ts';
import { describeWith } from '../support/needs.ts';
import { until } from '../support/until.ts';

const TEXT = '  Two lines of <b>text</b> & more,\n\twith "quotes", ünïcödé 🔔 and a tail.  ';
const UNKNOWN = '0f3c9a52-6a0e-4c55-9a43-0d6f3f0a9b11';

/** Tells the types of the files that the page offers. */
const WATCH_BLOBS = `
  const make = URL.createObjectURL;
  globalThis.blobTypes = [];
  URL.createObjectURL = (blob) => { blobTypes.push(blob.type); return make(blob); };
`;
/** The next decryption fails, as it may for want of memory. */
const FAIL_ONCE = `
  const { decrypt } = SubtleCrypto.prototype;
  SubtleCrypto.prototype.decrypt = async () => {
    SubtleCrypto.prototype.decrypt = decrypt;
    throw new DOMException('no memory');
  };
  undefined
`;
await describeWith('chromium', 'a message by link, from browser to browser', () => {
  const there = stageBrowser('messages: {createdPerMinute: 0, expiresIn: {min: 1s}}\n');
  const { somebody } = there;
  const claimsOf = async (one: BrowserPage): Promise<number> =>
    (await one.sent()).filter((text) => text.includes('/claim\n')).length;

  it('is read once, whole, and is gone then', async () => {
    const [writer, reader, late] = [await somebody(), await somebody(), await somebody()];
    const link = await writeMessage(writer.page, there.url, { text: TEXT });
    await followLink(reader.page, link);
    expect(await reader.page.textContent('#facts')).toMatch(/^It can be read once, until \w{3} \d/);
    expect(await reveal(reader.page)).toBe(TEXT);
    expect(await reader.page.locator('#text *').count()).toBe(0);
    expect(await reader.page.textContent('#left')).toMatch(/This was the last read: it is gone now/);
    await late.page.goto(link);
    await sheet(late.page, 'gone');
  });

  it('takes key, text and password to no server, and no key into the history once it is read', async () => {
    const [writer, reader] = [await somebody(), await somebody()];
    const password = 'a password that nobody else knows';
    const files = [
      { name: 'a-name-that-nobody-knows.txt', mimeType: 'text/plain', buffer: Buffer.from('x') },
    ];
    const link = await writeMessage(writer.page, there.url, { text: TEXT, password, files });
    const key = new URL(link).hash.split('.')[1] ?? '';
    expect(key).toMatch(/^[\w-]{43}$/);
    await followLink(reader.page, link);
    await reveal(reader.page, password);
    expect(reader.page.url()).toBe(link.split('#')[0]);
    const secrets = [key, encodeURIComponent(key), 'ünïcödé', 'nobody else', 'a-name-that-nobody'];
    for (const text of [...(await writer.sent()), ...(await reader.sent())]) {
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
  });

  it('carries attachments, byte for byte, to be saved and not to be opened', async () => {
    const [writer, reader] = [await somebody(), await somebody()];
    const [page, noise] = [Buffer.from('<script>alert(1)</script>'), randomBytes(50_000)];
    const files = [
      { name: 'page.html', mimeType: 'text/html', buffer: page },
      { name: 'noise.bin', mimeType: '', buffer: noise },
    ];
    await reader.page.addInitScript(WATCH_BLOBS);
    await followLink(reader.page, await writeMessage(writer.page, there.url, { files }));
    await reader.page.click('#reveal');
    await sheet(reader.page, 'shown');
    expect(await reader.page.locator('#text').isVisible()).toBe(false);
    for (const { name, buffer } of files) {
      const link = reader.page.getByRole('link', { name });
      const [saved] = await Promise.all([reader.page.waitForEvent('download'), link.click()]);
      expect(saved.suggestedFilename()).toBe(name);
      expect(readFileSync(await saved.path()).equals(buffer)).toBe(true);
    }
    expect(await reader.page.evaluate('blobTypes')).toEqual(Array(2).fill('application/octet-stream'));
  });

  it('tells a wrong password without reading, as often as it takes, and the right one opens it', async () => {
    const [writer, reader] = [await somebody(), await somebody()];
    const link = await writeMessage(writer.page, there.url, { text: TEXT, password: 'right' });
    await followLink(reader.page, link);
    expect(await reader.page.evaluate('document.activeElement.id')).toBe('password');
    for (const wrong of ['wrong', '', 'Right']) {
      await reader.page.fill('#password', wrong);
      await reader.page.keyboard.press('Enter');
      await reader.page.getByText('This is not the password. Nothing was lost').waitFor();
      await until('the focus to be back', () =>
        reader.page.evaluate('document.activeElement.id === "password"'),
      );
      expect(await factsBehind(link)).toMatchObject({ reads_left: 1 });
    }
    expect(await reveal(reader.page, 'right')).toBe(TEXT);
    expect(await reader.page.inputValue('#password')).toBe('');
  });

  it('is not read by looking, however often', async () => {
    const [writer, reader] = [await somebody(), await somebody()];
    const link = await writeMessage(writer.page, there.url, { text: TEXT });
    await followLink(reader.page, link);
    for (let times = 0; times < 3; times++) {
      await reader.page.reload();
      await sheet(reader.page, 'ready');
    }
    expect(await claimsOf(reader)).toBe(0);
    expect(await reveal(reader.page)).toBe(TEXT);
  });

  it('says that a link without its whole key is incomplete, before anything is read', async () => {
    const [writer, reader] = [await somebody(), await somebody()];
    const link = await writeMessage(writer.page, there.url, { text: TEXT });
    for (const broken of [link.split('#')[0] ?? '', link.slice(0, -1), link.replace('#1.', '#1')]) {
      await reader.page.goto('about:blank');
      await reader.page.goto(broken);
      await sheet(reader.page, 'incomplete');
    }
    await reader.page.goto('about:blank');
    await reader.page.goto(link.replace('#1', '#2'));
    await sheet(reader.page, 'newer');
    const other = `${link.slice(0, -43)}${randomBytes(32).toString('base64url')}`;
    await reader.page.goto(other);
    await sheet(reader.page, 'ready');
    await reader.page.click('#reveal');
    await reader.page.getByText('The key in the link is not the right one. Nothing was lost').waitFor();
    // The rest of the link put into the address bar of the page that is open.
    await reader.page.evaluate(`location.hash = '${new URL(link).hash}'`);
    await until('the right key to be taken', async () => (await reader.page.textContent('#fault')) === '');
    expect(await reveal(reader.page)).toBe(TEXT);
  });

  it('is one clear page when there is none, or none any more', async () => {
    const { page } = await somebody();
    const key = randomBytes(32).toString('base64url');
    for (const id of [UNKNOWN, 'no-id', '%2e%2e%2flimits']) {
      await page.goto(`${there.url}/m/${id}#1.${key}`);
      await sheet(page, 'gone');
    }
    const made = await fetch(`${there.url}/api/v1/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: TEXT, expires_in: 1 }),
    });
    const link = String(Object(await made.json())['url']);
    await until('the message to expire', async () => {
      await page.goto(link);
      await page.locator('section:is(#ready, #gone):not([hidden])').waitFor();
      return page.locator('#gone').isVisible();
    });
    expect(await page.locator('h1:visible').textContent()).toBe('There is no message here');
  });

  it('says how many reads are left', async () => {
    const [writer, first, second] = [await somebody(), await somebody(), await somebody()];
    const link = await writeMessage(writer.page, there.url, { text: TEXT, reads: '2' });
    expect(await writer.page.textContent('#facts')).toMatch(/^It can be read 2 times, until/);
    await followLink(first.page, link);
    expect(await first.page.textContent('#facts')).toMatch(/^It can be read 2 times, until/);
    await reveal(first.page);
    expect(await first.page.textContent('#left')).toMatch(/^It can be read one more time, until/);
    await followLink(second.page, link);
    expect(await second.page.textContent('#facts')).toMatch(/^It can be read one more time, until/);
    await reveal(second.page);
    expect(await second.page.textContent('#left')).toMatch(/it is gone now/);
  });

  it('can be read any number of times when its writer says so', async () => {
    const [writer, reader] = [await somebody(), await somebody()];
    const link = await writeMessage(writer.page, there.url, { text: TEXT, reads: '' });
    for (let times = 0; times < 3; times++) {
      await reader.page.goto('about:blank');
      await followLink(reader.page, link);
      expect(await reader.page.textContent('#facts')).toMatch(/^It can be read, until/);
      expect(await reveal(reader.page)).toBe(TEXT);
      expect(await reader.page.textContent('#left')).toMatch(/^It can be read, until/);
    }
  });

  it('shows what was never sealed without a key', async () => {
    const { page } = await somebody();
    const made = await fetch(`${there.url}/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: TEXT }),
    });
    await followLink(page, `${there.url}/m/${Object(await made.json())['message_id']}`);
    expect(await reveal(page)).toBe(TEXT);
  });

  it('keeps what was claimed until it is opened', async () => {
    const [writer, reader] = [await somebody(), await somebody()];
    await followLink(reader.page, await writeMessage(writer.page, there.url, { text: TEXT }));
    await reader.page.evaluate(FAIL_ONCE);
    await reader.page.click('#reveal');
    await reader.page.getByText('leave it open and try again').waitFor();
    expect(await reveal(reader.page)).toBe(TEXT);
    expect(await claimsOf(reader)).toBe(1);
  });

  it('says when the service does not answer, and goes on when it does', async () => {
    const [writer, reader] = [await somebody(), await somebody()];
    const link = await writeMessage(writer.page, there.url, { text: TEXT });
    await followLink(reader.page, link);
    await reader.page.context().setOffline(true);
    await reader.page.click('#reveal');
    await reader.page.getByText('The service does not answer').waitFor();
    await reader.page.context().setOffline(false);
    expect(await reveal(reader.page)).toBe(TEXT);
  });

  it('loads at most 5 kB of script to be read, compressed', async () => {
    const [writer, reader] = [await somebody(), await somebody()];
    await followLink(reader.page, await writeMessage(writer.page, there.url, { text: TEXT }));
    await reveal(reader.page);
    const bodies = await Promise.all([...reader.scripts.values()].map((answer) => answer.body()));
    expect(bodies.length).toBeGreaterThan(1);
    expect(bodies.reduce((sum, body) => sum + gzipSync(body).length, 0)).toBeLessThanOrEqual(5_000);
  });
});
