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
  readonly status: 200 | 204;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON; none with 204. */
  readonly body: string | undefined;
}

/** Why a request is not proved genuine: for logs and metrics. The sender is told one and the same 401. */
export const verificationFailures = [
  'signature_missing',
  'signature_malformed',
  'signature_mismatch',
  'timestamp_outside',
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
  | { readonly kind: 'handshake'; readonly answer: HandshakeAnswer }
  | { readonly kind: 'refused'; readonly reason: VerificationFailure };

/** Proves one request, in constant time where secrets are compared. Never throws for what a sender can send. */
export type Verify = (request: SourceRequest) => Verification | Promise<Verification>;

export interface SchemeContext {
  /** The source's id in the config. */
  readonly id: string;
  readonly clock: Clock;
  /** Guarded. For the schemes that must fetch what proves a message. */
  readonly http: HttpClient;
}

/** A way of proving a request genuine: one file, one line in `index.ts`. */
export interface Scheme {
  readonly name: string;
  /** One sentence for the reference. */
  readonly summary: string;
  /** Faults of the settings for this scheme: what it needs and is not there, what it does not know. Never echoes a value. */
  check(settings: VerificationSettings): readonly Fault[];
  open(settings: VerificationSettings, context: SchemeContext): Verify;
}

export function defineScheme<const Name extends string>(
  scheme: Scheme & { readonly name: Name },
): Scheme & {
  readonly name: Name;
} {
  return scheme;
}
