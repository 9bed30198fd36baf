import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type Page,
  type Request,
  type Response,
} from 'playwright-core';
import { chromiumPath } from './needs.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** What a browser says of answers that the page knows what to do with, none among them. */
const ANSWERED =
  /^Failed to load resource: (?:the server responded with a status of|net::ERR_INTERNET_DISCONNECTED)/;

/** The system's Chromium, without a window. */
export function openBrowser(args: readonly string[] = []): Promise<Browser> {
  const found = spawnSync('sh', ['-c', 'command -v "$0"', chromiumPath], { encoding: 'utf8' });
  // Its sandbox refuses root, as which machines that prove commits often run.
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: found.stdout.trim(),
    args: [...args, ...(isRoot ? ['--no-sandbox'] : [])],
  });
}

/** A page of somebody who shares nothing with another: no cookies, no cache, no history. */
export interface BrowserPage {
  readonly page: Page;
  /** All that left the browser: method, URL, headers and body of every request, as one text each. */
  sent(): Promise<readonly string[]>;
  /** Where the requests went: origins. */
  readonly origins: ReadonlySet<string>;
  /** The scripts that were loaded, by URL: the first answer with each. */
  readonly scripts: ReadonlyMap<string, Response>;
  /** What the browser complained of: violated policies, faults of the scripts. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const requests: Request[] = [];
  const origins = new Set<string>();
  const scripts = new Map<string, Response>();
  const faults: string[] = [];
  context.on('request', (request) => {
    origins.add(new URL(request.url()).origin);
    requests.push(request);
  });
  context.on('response', (response) => {
    const isFirst = response.request().resourceType() === 'script' && !scripts.has(response.url());
    if (isFirst) scripts.set(response.url(), response);
  });
  context.on('console', (message) => {
    const isFault = message.type() === 'error' || message.type() === 'warning';
    if (isFault && !ANSWERED.test(message.text())) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  return {
    page,
    sent: () => Promise.all(requests.map(textOf)),
    origins,
    scripts,
    faults,
    close: () => context.close(),
  };
}

async function textOf(request: Request): Promise<string> {
  const headers = JSON.stringify(await request.allHeaders());
  return `${request.method()} ${request.url()}\n${headers}\n${request.postData() ?? ''}`;
}

/** What axe-core finds wrong with what is shown, with where. */
export async function axeFaults(page: Page): Promise<string[]> {
  // Evaluated by the debugger: the page's policy would not let it in.
  await page.evaluate(AXE);
  const found: unknown = await page.evaluate(`axe.run().then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`);
  if (!Array.isArray(found)) throw new TypeError('axe told nothing');
  return found.map(String);
}

/** Pixels by which the page is wider than its window. */
export async function overflowOf(page: Page): Promise<number> {
  return Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'));
}
