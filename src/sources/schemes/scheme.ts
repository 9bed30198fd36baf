import type { Clock } from '../../kernel/clock.ts';
import type { Fault } from '../../kernel/fault.ts';
import type { HttpClient } from '../../kernel/http-client.ts';
import type { ClientCertificate } from '../../kernel/route.ts';
import type { VerificationSettings } from './settings.ts';

/** Lower-case names. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** A request as a scheme sees it: nothing decoded, nothing parsed. */
export interface SourceRequest {
  readonly headers: Headers;
  /** The raw bytes, already within the size cap. */
  readonly body: Buffer;
  /** Of our own TLS listener, signed by an authority that the settings name; undefined otherwise. */
  readonly clientCertificate: ClientCertificate | undefined;
}

/** What a vendor expects to hear when it asks whether this is the right door. Nothing is taken in. */
export interface HandshakeAnswer {
  readonly status: 200;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON; none for OPTIONS. */
  readonly body: string | undefined;
}

/** What a handshake was about, for the log. */
export type HandshakeSubject = 'url_verification' | 'subscription_confirmed' | 'subscription_ended';

/**
 * Why a request is not proved genuine: for logs and metrics. The sender is told one and the same 401; but for
 * `proof_unavailable`, where what would prove it could not be fetched: a 503, so that it comes again.
 */
export const verificationFailures = [
  'signature_missing',
  'signature_malformed',
  'signature_mismatch',
  'timestamp_outside',
  'topic_refused',
  'certificate_missing',
  'certificate_refused',
  'proof_unavailable',
] as const;
export type VerificationFailure = (typeof verificationFailures)[number];

export type Verification =
  | {
      readonly kind: 'verified';
      /** The sender's id of this message, only where the proof covers it. */
      readonly messageId?: string;
      /** What the scheme's own envelope held; left out, the message is the body itself. */
      readonly content?: Buffer;
    }
  /** Proved genuine, and a vendor's question rather than a notification. */
  | { readonly kind: 'handshake'; readonly about: HandshakeSubject; readonly answer: HandshakeAnswer }
  | {
      readonly kind: 'refused';
      readonly reason: VerificationFailure;
      /** For the log, where the reason is not enough. Holds nothing of the request. */
      readonly detail?: string;
    };

export const refused = (reason: VerificationFailure, detail?: string): Verification =>
  detail === undefined ? { kind: 'refused', reason } : { kind: 'refused', reason, detail };

/** Proves one request, in constant time where secrets are compared. Never throws for what a sender can send. */
export type Verify = (request: SourceRequest) => Verification | Promise<Verification>;

export interface SchemeContext {
  /** The source's id in the config. */
  readonly id: string;
  readonly clock: Clock;
  /** Guarded. For the schemes that must fetch what proves a message. */
  readonly http: HttpClient;
}

/** A setting that some schemes read and others do not know. */
export type SettingName = Exclude<keyof VerificationSettings, 'scheme'>;

/** A way of proving a request genuine: one file, one line in `index.ts`. */
export interface Scheme {
  readonly name: string;
  /** One sentence for the reference. */
  readonly summary: string;
  /** What it reads of the settings; the others are faults. */
  readonly settings: readonly SettingName[];
  /** Faults of those that it reads: what is missing, or no good. Never echoes a value. */
  check(settings: VerificationSettings): readonly Fault[];
  /** How far the signed time may be from ours, in ms; undefined where no time is signed. */
  toleranceMs?(settings: VerificationSettings): number | undefined;
  open(settings: VerificationSettings, context: SchemeContext): Verify;
}

export function defineScheme<const Name extends string>(
  scheme: Scheme & { readonly name: Name },
): Scheme & {
  readonly name: Name;
} {
  return scheme;
}
