import type { Observable, ObservableKind } from '../events/event.ts';
import { parseAddress } from '../kernel/address.ts';
import { textOf } from './fields.ts';
import { webLink } from './make-draft.ts';

/** Longer values are left out, not cut: half an account's name is another account. */
const VALUE_LENGTH_MAX = 256;
const URL_LENGTH_MAX = 2_048;

/** `10.0.0.5:9100`, `db-1.example.com:9100`, `[2001:db8::1]:9100`. */
const WITH_PORT = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):\d{1,5}$/;
const HOST = /^(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?$/;

/** What senders write where nothing is known: Falco, Windows, AWS, many logs. */
const NOTHING = new Set(['', '-', '<na>', 'n/a', 'na', '<unknown>', 'unknown', 'none', 'null']);

/** A text that says something: a word for "nothing" is none. */
export function knownText(value: unknown): string | undefined {
  const text = textOf(value);
  if (text === undefined) return undefined;
  return text.length <= 9 && NOTHING.has(text.trim().toLowerCase()) ? undefined : text;
}

/** One observable of a kind; none when the value is no such thing: what is no address is no `ip`. */
export function observed(kind: ObservableKind, value: unknown): readonly Observable[] {
  const text = knownText(value)?.trim();
  if (text === undefined || text.length > URL_LENGTH_MAX) return [];
  if (kind === 'url') return webLink(text) === undefined ? [] : [{ kind, value: text }];
  if (text.length > VALUE_LENGTH_MAX) return [];
  if (kind === 'ip') return parseAddress(text) === undefined ? [] : [{ kind, value: text }];
  return [{ kind, value: text }];
}

/** Whatever a value for a place holds: a URL, an address, a host; with or without a port. */
export function observedPlace(value: unknown): readonly Observable[] {
  const text = knownText(value)?.trim();
  if (text === undefined || text.length > URL_LENGTH_MAX) return [];
  if (/^https?:\/\//i.test(text)) return observed('url', text);
  const match = WITH_PORT.exec(text);
  const place = match?.[1] ?? match?.[2] ?? text;
  if (parseAddress(place) !== undefined) return [{ kind: 'ip', value: place }];
  return HOST.test(place) ? [{ kind: 'host', value: place }] : [];
}
