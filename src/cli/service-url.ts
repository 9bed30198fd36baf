import type { Environment } from '../config/environment.ts';
import type { CommandContext } from './command.ts';
import { textOption } from './option.ts';
import { failed, type Result, succeeded } from './result.ts';

const DEFAULT = 'http://127.0.0.1:9000';

export const urlOption = textOption(
  '--url <url>',
  `The service (TOCSIN_URL, TOCSIN_PUBLIC_URL; else ${DEFAULT}).`,
);

/** The base of the service's paths, ending in `/`. */
export function serviceUrl(typed: string | undefined, environment: Environment): Result<URL> {
  const variable = environment.find(['TOCSIN_URL', 'TOCSIN_PUBLIC_URL']);
  const place = typed === undefined ? (variable?.name ?? 'the default') : '--url';
  const text = typed ?? variable?.value ?? DEFAULT;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return failed(`${place} is no address: it looks like ${DEFAULT}.`);
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return failed(`${place} must be only the address: no user, query or fragment.`);
  }
  url.pathname = url.pathname.replace(/\/*$/, '/');
  return succeeded(url);
}

/** Whether what is sent there crosses a network that others could listen to. */
export const isExposed = ({ protocol, hostname }: URL): boolean =>
  protocol === 'http:' && !/^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);

/** Before something is sent that is nobody else's business. */
export function warnIfExposed(url: URL, { err }: CommandContext): void {
  if (isExposed(url)) err(`Warning: what is sent goes to ${url.origin} unencrypted. Use https.`);
}
