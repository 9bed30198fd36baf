import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser, openPage } from '../support/browser-page.ts';
import { runCommand } from '../support/command.ts';
import { followLink, reveal, sheet, writeMessage } from '../support/message-sheets.ts';
import { describeWith } from '../support/needs.ts';
import { dispose, type Service, startService } from '../support/service.ts';

const TEXT = '  Two lines of <b>text</b>,\n\twith "quotes", ünïcödé and 🔔.';
const PASSWORD = 'pässwörd with 🔑';
const NOISE = randomBytes(30_000);

await describeWith('chromium', 'a message by link, between a browser and the command line', () => {
  let service: Service;
  let browser: Browser;
  beforeAll(async () => {
    service = await startService();
    browser = await openBrowser();
    writeFileSync(join(service.directory, 'password'), `${PASSWORD}\n`, { mode: 0o600 });
    writeFileSync(join(service.directory, 'noise.bin'), NOISE);
  });
  afterAll(async () => {
    await browser.close();
    await dispose();
  });

  const tocsin = (args: readonly string[], input = '') =>
    runCommand(service.directory, args, { env: { TOCSIN_URL: service.url }, input });

  it('is written in the browser and read on the command line, with its files and its password', async () => {
    const { page, close } = await openPage(browser);
    const files = [{ name: 'from the browser.bin', mimeType: 'image/png', buffer: NOISE }];
    const link = await writeMessage(page, service.url, { text: TEXT, files, password: PASSWORD });
    const args = ['reveal', '-', '--password-file', 'password', '--output', 'inbox'];
    const read = await tocsin(args, link);
    expect(read).toMatchObject({ code: 0, out: TEXT });
    expect(readFileSync(join(service.directory, 'inbox/from the browser.bin')).equals(NOISE)).toBe(true);
    await page.goto(link);
    await sheet(page, 'gone');
    await close();
  });

  it('is written on the command line and read in the browser, with its files and its password', async () => {
    const shared = await tocsin(['share', '-', '--file', 'noise.bin', '--password-file', 'password'], TEXT);
    expect(shared.code, shared.err).toBe(0);
    const { page, close } = await openPage(browser);
    await followLink(page, shared.out.trim());
    expect(await reveal(page, PASSWORD)).toBe(TEXT);
    const link = page.getByRole('link', { name: 'noise.bin' });
    const [saved] = await Promise.all([page.waitForEvent('download'), link.click()]);
    expect(readFileSync(await saved.path()).equals(NOISE)).toBe(true);
    expect(await tocsin(['reveal', '-', '--password-file', 'password'], shared.out)).toMatchObject({
      code: 1,
    });
    await close();
  });

  it('is read on the other side too when it was never sealed', async () => {
    const shared = await tocsin(['share', '--plain'], TEXT);
    const { page, close } = await openPage(browser);
    await followLink(page, shared.out.trim());
    expect(await reveal(page)).toBe(TEXT);
    await close();
  });
});
