import type { Page } from 'playwright-core';

/** What somebody fills in on the page where messages are written; what is absent stays as it is offered. */
export interface Writing {
  readonly text?: string;
  readonly files?: readonly { readonly name: string; readonly mimeType: string; readonly buffer: Buffer }[];
  readonly password?: string;
  /** The value of the option: '' for any number. */
  readonly reads?: string;
}

/** Resolves when this sheet of the page, and no other, is shown. */
export async function sheet(page: Page, id: string): Promise<void> {
  await page.locator(`section#${id}:not([hidden])`).waitFor();
}

/** Writes a message and resolves with its link. */
export async function writeMessage(page: Page, url: string, writing: Writing): Promise<string> {
  await page.goto(`${url}/m`);
  await sheet(page, 'writing');
  if (writing.text !== undefined) await page.fill('#text', writing.text);
  if (writing.files !== undefined) await page.setInputFiles('#choose', [...writing.files]);
  if (writing.password !== undefined) await page.fill('#password', writing.password);
  if (writing.reads !== undefined) await page.selectOption('#reads', writing.reads);
  await page.click('#share');
  await sheet(page, 'result');
  return page.inputValue('#link');
}

/** Follows a link to a message that is there; nothing is read yet. */
export async function followLink(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await sheet(page, 'ready');
}

/** Reads it and resolves with the text. */
export async function reveal(page: Page, password?: string): Promise<string> {
  if (password !== undefined) await page.fill('#password', password);
  await page.click('#reveal');
  await sheet(page, 'shown');
  return (await page.textContent('#text')) ?? '';
}
