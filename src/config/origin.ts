import type { Fault } from '../kernel/fault.ts';

/** Where a value was set. */
export type Origin =
  | { readonly kind: 'default' }
  | { readonly kind: 'unset' }
  | { readonly kind: 'file'; readonly file: string; readonly line: number | undefined }
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'dotenv'; readonly name: string; readonly line?: number }
  | { readonly kind: 'flag'; readonly flag: string };

/** `default`, `not set`, `tocsin.yaml:12`, `env TOCSIN_PORT`, `.env TOCSIN_PORT`, `--port`. */
export function formatOrigin(origin: Origin): string {
  if (origin.kind === 'default') return 'default';
  if (origin.kind === 'unset') return 'not set';
  if (origin.kind === 'flag') return `--${origin.flag}`;
  if (origin.kind === 'env') return `env ${origin.name}`;
  if (origin.kind === 'dotenv') return origin.line ? `.env:${origin.line}` : `.env ${origin.name}`;
  return origin.line === undefined ? origin.file : `${origin.file}:${origin.line}`;
}

/** A fault of the config with the place where the faulty value was set, when it was set at all. */
export interface ConfigFault extends Fault {
  readonly origin?: Origin;
}

/** One line: `tocsin.yaml:12: targets[1].url: must be …`. */
export function formatFault(fault: ConfigFault): string {
  const place = fault.origin ? formatOrigin(fault.origin) : '';
  return [place, fault.path, fault.message].filter((part) => part !== '').join(': ');
}
