import type { Static, TObject } from 'typebox';
import type { EventDraft } from '../events/event.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Fault } from '../kernel/fault.ts';

/** A request as a source sees it: nothing decoded, nothing parsed. */
export interface SourceRequest {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The raw bytes, already within the size cap. */
  readonly body: Buffer;
}

/** Why a request is not proved genuine: for logs and metrics. The sender is told one and the same 401. */
export type VerificationFailure = 'signature_missing' | 'signature_malformed' | 'signature_mismatch';
export type Verification =
  { readonly kind: 'verified' } | { readonly kind: 'refused'; readonly reason: VerificationFailure };

/** What a verified body holds; or why it is none of the source's (the sender is told, as 422). */
export type Parsed =
  | { readonly kind: 'notifications'; readonly drafts: readonly EventDraft[] }
  | { readonly kind: 'invalid'; readonly detail: string };

export interface Source {
  /** Proves the raw bytes genuine, in constant time, before anything is parsed. */
  verify(request: SourceRequest): Verification;
  /** Only called after `verify`. All or nothing: one invalid notification makes the whole body invalid. */
  parse(request: SourceRequest): Parsed;
}

/** Our own application: events about it are internal security alerts. */
export interface OwnApplication {
  readonly id?: string;
  readonly name?: string;
}

export interface SourceContext {
  /** The source's id in the config. */
  readonly id: string;
  readonly clock: Clock;
  readonly ownApplication: OwnApplication;
}

/** A kind of source: one file, one line in `kinds/index.ts`. */
export interface SourceKind<Settings extends TObject = TObject> {
  readonly kind: string;
  readonly summary: string;
  /** Beyond `id` and `kind`. */
  readonly settings: Settings;
  check?(settings: Static<Settings>): readonly Fault[];
  open(settings: Static<Settings>, context: SourceContext): Source;
}

export function defineSource<const Settings extends TObject>(
  kind: SourceKind<Settings>,
): SourceKind<Settings> {
  return kind;
}
