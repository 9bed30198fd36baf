import { decodeQR } from 'qr/decode.js';
import { expect, it } from 'vitest';
import { factsBehind, stageBrowser } from '../support/browser-stage.ts';
import { sheet, writeMessage } from '../support/message-sheets.ts';
import { describeWith } from '../support/needs.ts';

const TEXT = 'A text that nobody else is to read.';
/** Gives whether the page took the dropped file, for which the browser would leave it otherwise. */
const DROP_AND_PASTE = `
  const holding = (name) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['a text'], name));
    return transfer;
  };
  const options = { bubbles: true, cancelable: true };
  const drop = new DragEvent('drop', { ...options, dataTransfer: holding('dropped.txt') });
  document.body.dispatchEvent(drop);
  const paste = new ClipboardEvent('paste', { ...options, clipboardData: holding('pasted.txt') });
  document.querySelector('#text').dispatchEvent(paste);
  drop.defaultPrevented
`;

await describeWith('chromium', 'a message that is written in a browser', () => {
  const there = stageBrowser('messages: {createdPerMinute: 0}\n');
  const { somebody } = there;

  it('is deleted by its writer, who must be sure', async () => {
    const [writer, reader] = [await somebody(), await somebody()];
    const link = await writeMessage(writer.page, there.url, { text: TEXT });
    await writer.page.click('#delete');
    expect(await factsBehind(link)).toMatchObject({ reads_left: 1 });
    await writer.page.getByRole('button', { name: 'Really delete it?' }).click();
    await sheet(writer.page, 'deleted');
    await reader.page.goto(link);
    await sheet(reader.page, 'gone');
    await writer.page.getByRole('button', { name: 'Make another' }).click();
    await sheet(writer.page, 'writing');
  });

  it('leaves nothing of it in the form, and lets no browser keep what is typed', async () => {
    const { page } = await somebody();
    await page.goto(`${there.url}/m`);
    await sheet(page, 'writing');
    await page.fill('#text', TEXT);
    await page.click('#generate');
    const password = await page.inputValue('#password');
    expect(password).toMatch(/^(?:[a-z2-9]{5}-){3}[a-z2-9]{5}$/);
    expect(await page.getAttribute('#password', 'type')).toBe('text');
    await page.click('#share');
    await sheet(page, 'result');
    expect(await page.inputValue('#told-password')).toBe(password);
    expect(await page.inputValue('#text')).toBe('');
    expect(await page.inputValue('#password')).toBe('');
    expect(await page.getAttribute('#password', 'type')).toBe('password');
    const kept = page.locator('textarea, select, input:not([type=file])');
    for (const field of await kept.all()) expect(await field.getAttribute('autocomplete')).toBe('off');
    for (const field of await page.locator('textarea, input:not([type=file])').all()) {
      expect(await field.getAttribute('spellcheck')).toBe('false');
    }
  });

  it('draws a QR code that says the link', async () => {
    const writer = await somebody();
    const link = await writeMessage(writer.page, there.url, { text: TEXT });
    const drawn = await writer.page.locator('#qr svg').getAttribute('viewBox');
    const dots = (await writer.page.getAttribute('#qr path', 'd')) ?? '';
    const size = Number(drawn?.split(' ')[2]);
    expect(decodeQR(pictureOf(dots, size))).toBe(link);
  });

  it('refuses what is too large, too many or nothing at all before it is sent', async () => {
    const { page, sent } = await somebody();
    await page.goto(`${there.url}/m`);
    await sheet(page, 'writing');
    const one = { name: 'a', mimeType: '', buffer: Buffer.from('a') };
    await page.click('#share');
    await page.getByText('Write something, or attach a file.').waitFor();
    await page.setInputFiles('#choose', { ...one, buffer: Buffer.alloc(2_000_000) });
    await page.getByText('Too large').waitFor();
    await page.click('#share');
    await page.getByText('This is too large: there is room for').waitFor();
    await page.getByRole('button', { name: 'Remove a' }).click();
    await page.setInputFiles(
      '#choose',
      Array.from({ length: 21 }, (_, at) => ({ ...one, name: `file ${at}` })),
    );
    await page.click('#share');
    await page.getByText('At most 20 attachments.').waitFor();
    expect((await sent()).filter((text) => text.startsWith('POST'))).toEqual([]);
  });

  it('takes files that are dropped on the page or pasted, and stays on it', async () => {
    const { page } = await somebody();
    await page.goto(`${there.url}/m`);
    await sheet(page, 'writing');
    expect(await page.evaluate(DROP_AND_PASTE)).toBe(true);
    expect(await page.locator('#files bdi').allTextContents()).toEqual(['dropped.txt', 'pasted.txt']);
  });
});

/** The picture that the path of a QR code draws, four pixels a dot, as its reader takes it. */
function pictureOf(dots: string, size: number) {
  const [zoom, width] = [4, size * 4];
  const data = new Uint8Array(width * width * 4).fill(255);
  for (const [, x, y] of dots.matchAll(/M(\d+) (\d+)/g)) {
    for (let row = 0; row < zoom; row++) {
      const from = ((Number(y) * zoom + row) * width + Number(x) * zoom) * 4;
      for (let at = from; at < from + zoom * 4; at++) if (at % 4 !== 3) data[at] = 0;
    }
  }
  return { width, height: width, data };
}
