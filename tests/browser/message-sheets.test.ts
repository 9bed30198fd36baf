import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeFaults, type BrowserPage, openBrowser, openPage, overflowOf } from '../support/browser-page.ts';
import { followLink, reveal, sheet, writeMessage } from '../support/message-sheets.ts';
import { describeWith } from '../support/needs.ts';
import { dispose, type Service, startService, TOKEN } from '../support/service.ts';
import { until } from '../support/until.ts';

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 900 };
const LONG = `${'a-word-that-does-not-end'.repeat(40)}\n\n  indented`;
const NAME = `${'a-long-name-of-a-file'.repeat(8)}.pdf`;
const FILES = [{ name: NAME, mimeType: 'application/pdf', buffer: Buffer.alloc(40_000) }];
const UNKNOWN = '0f3c9a52-6a0e-4c55-9a43-0d6f3f0a9b11';
/** A name that is not this machine's own to the browser, which then trusts plain HTTP no more. */
const ELSEWHERE = 'tocsin.test';

await describeWith('chromium', 'the pages of messages', () => {
  let service: Service;
  let browser: Browser;
  beforeAll(async () => {
    service = await startService({ config: 'messages: {createdPerMinute: 0}\n' });
    browser = await openBrowser([`--host-resolver-rules=MAP ${ELSEWHERE} 127.0.0.1`]);
  });
  afterAll(async () => {
    await browser.close();
    await dispose();
  });

  /** Goes through all that can be seen, and has each looked at. */
  async function throughAll(page: Page, look: (name: string) => Promise<void>): Promise<void> {
    await page.goto(`${service.url}/m`);
    await sheet(page, 'writing');
    await look('writing');
    await page.click('#share');
    await page.getByText('Write something').waitFor();
    await look('writing nothing');
    const link = await writeMessage(page, service.url, { text: LONG, files: FILES, password: 'a password' });
    await page.locator('#qr svg').waitFor();
    await look('the result');
    await page.goto(link.split('#')[0] ?? '');
    await sheet(page, 'incomplete');
    await look('an incomplete link');
    await page.goto('about:blank');
    await followLink(page, link);
    await look('before it is read');
    await page.fill('#password', 'wrong');
    await page.click('#reveal');
    await page.getByText('This is not the password').waitFor();
    await look('a wrong password');
    await reveal(page, 'a password');
    await look('what was read');
    await page.goto(`${service.url}/m/${UNKNOWN}`);
    await sheet(page, 'gone');
    await look('a message that is gone');
    await page.route('**/api/v1/messages/*', (route) => route.abort());
    await page.reload();
    await sheet(page, 'failed');
    await look('a service that does not answer');
  }

  it.each([
    ['a phone, light', PHONE, 'light'],
    ['a phone, dark', PHONE, 'dark'],
    ['a desk, light', DESK, 'light'],
    ['a desk, dark', DESK, 'dark'],
  ] as const)('can be used by everybody and fit on %s', async (_name, viewport, colorScheme) => {
    const { page, close } = await openPage(browser, { viewport, colorScheme, reducedMotion: 'reduce' });
    const seen: string[] = [];
    await throughAll(page, async (name) => {
      expect(await axeFaults(page), name).toEqual([]);
      expect(await overflowOf(page), name).toBeLessThanOrEqual(0);
      expect(await page.evaluate('document.getAnimations().length'), name).toBe(0);
      seen.push(name);
    });
    expect(seen).toHaveLength(9);
    await close();
  });

  it('can be used with the keyboard alone, the focus going where the eye goes', async () => {
    const { page, close } = await openPage(browser);
    const focused = (): Promise<unknown> => page.evaluate('document.activeElement.id');
    const tabTo = async (id: string): Promise<void> => {
      for (let steps = 0; (await focused()) !== id; steps++) {
        expect(steps, `tabs to ${id}`).toBeLessThan(20);
        await page.keyboard.press('Tab');
      }
    };
    await page.goto(`${service.url}/m`);
    await sheet(page, 'writing');
    await tabTo('text');
    await page.keyboard.type('by keyboard');
    await tabTo('choose');
    await tabTo('expires');
    await page.keyboard.press('ArrowUp');
    await tabTo('generate');
    await page.keyboard.press('Enter');
    await tabTo('share');
    await page.keyboard.press('Enter');
    await until('the result', async () => (await focused()) === 'result-title');
    const [link, password] = [await page.inputValue('#link'), await page.inputValue('#told-password')];
    await tabTo('copy-link');
    await tabTo('delete');
    await followLink(page, link);
    await until('the password to be asked', async () => (await focused()) === 'password');
    await page.keyboard.type(password);
    await tabTo('reveal');
    await page.keyboard.press('Space');
    await until('the message', async () => (await focused()) === 'shown-title');
    expect(await page.textContent('#text')).toBe('by keyboard');
    await tabTo('copy');
    await close();
  });

  it('copy what they show', async () => {
    const permissions = ['clipboard-read', 'clipboard-write'];
    const { page, close } = await openPage(browser, { permissions });
    const copied = (): Promise<unknown> => page.evaluate('navigator.clipboard.readText()');
    const link = await writeMessage(page, service.url, { text: LONG });
    await page.click('#copy-link');
    await page.getByText('Copied').waitFor();
    expect(await copied()).toBe(link);
    await followLink(page, link);
    await reveal(page);
    await page.click('#copy');
    await page.getByText('Copied').waitFor();
    expect(await copied()).toBe(LONG);
    await close();
  });

  /** The same page under a name over plain HTTP, where no browser encrypts. */
  async function unprotected(): Promise<BrowserPage & { readonly url: string }> {
    const url = service.url.replace('127.0.0.1', ELSEWHERE);
    return { ...(await openPage(browser, { viewport: PHONE })), url };
  }

  it('say over plain HTTP that nothing is encrypted, and share what need not be', async () => {
    const { page, url, close, faults } = await unprotected();
    await page.goto(`${url}/m`);
    await sheet(page, 'writing');
    expect(await page.textContent('#plain-lede')).toMatch(/Not encrypted: this page came over plain HTTP/);
    expect(await page.locator('#password, #choose, .drop').filter({ visible: true }).count()).toBe(0);
    expect(await axeFaults(page)).toEqual([]);
    expect(await overflowOf(page)).toBeLessThanOrEqual(0);
    await page.fill('#text', 'no secret');
    await page.getByRole('button', { name: 'Share it unencrypted' }).click();
    await sheet(page, 'result');
    const link = await page.inputValue('#link');
    expect(link).toMatch(new RegExp(`^${url}/m/[0-9a-f-]{36}$`));
    await followLink(page, link);
    expect(await reveal(page)).toBe('no secret');
    await page.click('#copy');
    await page.getByText('Selected: copy it now').waitFor();
    expect(await page.evaluate('String(getSelection())')).toBe('no secret');
    // That a header is not heeded over plain HTTP is nothing that the page does.
    expect(faults.filter((fault) => !fault.startsWith('The Cross-Origin-Opener-Policy'))).toEqual([]);
    await close();
  });

  it('leave a sealed message alone where it cannot be opened', async () => {
    const writer = await openPage(browser);
    const link = await writeMessage(writer.page, service.url, { text: LONG });
    const { page, url, close, sent } = await unprotected();
    await page.goto(link.replace(service.url, url));
    await sheet(page, 'insecure');
    expect(await axeFaults(page)).toEqual([]);
    expect((await sent()).filter((text) => text.startsWith('POST'))).toEqual([]);
    await followLink(writer.page, link);
    await Promise.all([close(), writer.close()]);
  });

  it("are linked from the operators' page, which lets go of them", async () => {
    const { page, close } = await openPage(browser);
    await page.goto(service.url);
    await page.getByRole('link', { name: 'Share a message' }).click();
    await sheet(page, 'writing');
    expect(new URL(page.url()).pathname).toBe('/m');
    await close();
  });
});

await describeWith('chromium', 'the page where messages are written, for operators alone', () => {
  it('says to strangers who may, and takes what an operator who is logged in writes', async () => {
    const service = await startService({ config: 'messages: {create: operators}\n' });
    const browser = await openBrowser();
    try {
      const { page } = await openPage(browser);
      await page.goto(`${service.url}/m`);
      await sheet(page, 'operators');
      expect(await axeFaults(page)).toEqual([]);
      const opened = await page.request.post(`${service.url}/api/v1/session`, {
        headers: { authorization: `Bearer ${TOKEN}` },
      });
      expect(opened.ok()).toBe(true);
      expect(await writeMessage(page, service.url, { text: LONG })).toContain('#1.');
    } finally {
      await browser.close();
      await dispose();
    }
  });
});
