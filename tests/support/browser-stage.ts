import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type BrowserPage, openBrowser, openPage } from './browser-page.ts';
import { dispose, type Service, startService } from './service.ts';

/** A service and a browser for the tests of one file. */
export interface BrowserStage {
  readonly url: string;
  /** Somebody's page; after the test it must have complained of nothing and asked nobody but the service. */
  somebody(): Promise<BrowserPage>;
}

/** Sets up and takes down by hooks: to be called where tests are described. */
export function stageBrowser(config: string): BrowserStage {
  let service: Service;
  let browser: Browser;
  const opened: BrowserPage[] = [];
  beforeAll(async () => {
    service = await startService({ config });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await dispose();
  });
  afterEach(async () => {
    for (const one of opened.splice(0)) {
      expect(one.faults).toEqual([]);
      expect([...one.origins]).toEqual([service.url]);
      await one.close();
    }
  });
  return {
    get url() {
      return service.url;
    },
    async somebody() {
      const one = await openPage(browser);
      opened.push(one);
      return one;
    },
  };
}

/** What the service tells of the message behind a link. */
export async function factsBehind(link: string): Promise<unknown> {
  const { origin, pathname } = new URL(link);
  return (await fetch(`${origin}/api/v1/messages/${pathname.slice('/m/'.length)}`)).json();
}
