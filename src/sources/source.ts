import type { Static, TObject } from 'typebox';
import type { EventDraft } from '../events/event.ts';
import type { Fault } from '../kernel/fault.ts';
import type { HandshakeAnswer, Headers, SourceRequest, Verification } from './schemes/scheme.ts';
import type { SchemeName, VerificationSettings } from './schemes/settings.ts';

/** What a sender sent, proved genuine and out of its envelope. */
export interface ProvedMessage {
  readonly headers: Headers;
  readonly body: Buffer;
  /** The sender's own id of this message, where the proof covers it; equal on the sender's retries. */
  readonly messageId: string | undefined;
}

/** What a verified body holds; or why it is none of the source's (the sender is told, as 422). */
export type Parsed =
  | { readonly kind: 'notifications'; readonly drafts: readonly EventDraft[] }
  | { readonly kind: 'invalid'; readonly detail: string };

/** A sender's format, read. */
export interface SourceFormat {
  /** All or nothing: one invalid notification makes the whole body invalid. Throws for nothing that a sender can send. */
  parse(message: ProvedMessage): Parsed;
  /** Answers OPTIONS, which some senders ask before they send; left out, there is no such question. */
  preflight?(headers: Headers): HandshakeAnswer | undefined;
}

/** A configured source, ready to take requests. */
export interface Source extends SourceFormat {
  readonly kind: string;
  /** Proves the raw bytes genuine before anything of the sender's format is parsed. */
  verify(request: SourceRequest): Verification | Promise<Verification>;
  /** For so long the same request can be sent again and verify: what it made must be remembered so long. 0: no time is signed. */
  readonly replayWindowMs: number;
}

/** Our own application: events about it are internal security alerts. */
export interface OwnApplication {
  readonly id?: string;
  readonly name?: string;
}

export interface FormatContext {
  /** The source's id in the config. */
  readonly id: string;
  readonly ownApplication: OwnApplication;
  /** How its requests are proved: for a format that reads headers, which most schemes do not cover. */
  readonly scheme?: string;
}

/** A kind of source: a sender's format. One file, one line in `kinds/index.ts`. */
export interface SourceKind<Settings extends TObject = TObject> {
  readonly kind: string;
  readonly summary: string;
  /** How its sender proves a request genuine; left out when the config must say. */
  readonly scheme?: SchemeName;
  /** How its sender uses that scheme; what the config says goes before it. */
  readonly verification?: Partial<VerificationSettings>;
  /** Beyond `id`, `kind` and what every source has (`schemes/settings.ts`). */
  readonly settings: Settings;
  check?(settings: Static<Settings>): readonly Fault[];
  open(settings: Static<Settings>, context: FormatContext): SourceFormat;
}

export function defineSource<const Settings extends TObject>(
  kind: SourceKind<Settings>,
): SourceKind<Settings> {
  return kind;
}
