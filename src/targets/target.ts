import type { Static, TObject } from 'typebox';
import type { TocsinEvent } from '../events/event.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Dial } from '../kernel/dial.ts';
import type { Fault } from '../kernel/fault.ts';
import type { HttpClient, HttpFailureReason } from '../kernel/http-client.ts';
import type { DeliveryId } from '../kernel/ids.ts';
import type { Logger } from '../kernel/log.ts';
import type { TlsMaterial } from '../kernel/tls-material.ts';

/** Why an attempt failed and is tried again. Closed sets: stored, shown, and metric labels. */
export type RetryReason =
  | HttpFailureReason
  | 'http_status'
  | 'rate_limited'
  | 'redirect'
  | 'smtp'
  | 'broker'
  | 'unroutable'
  | 'credentials'
  | 'io'
  | 'fault';
/** Why a delivery ends without having been delivered, however often it were tried. */
export type RejectReason =
  'gone' | 'refused_by_receiver' | 'attempts_exhausted' | 'retry_after_too_long' | 'cancelled';

/**
 * The expected ends of one attempt, as a value. `answer` is what the receiver said, trimmed, the target's secrets
 * taken out; when it said nothing, the code of the failure (`ECONNREFUSED`).
 */
export type Outcome =
  | { readonly kind: 'delivered'; readonly status?: number; readonly answer?: string }
  | {
      readonly kind: 'retry';
      readonly reason: RetryReason;
      readonly status?: number;
      readonly answer?: string;
      /** What the receiver asked for, ms; the engine never undercuts it. */
      readonly retryAfterMs?: number;
    }
  | {
      readonly kind: 'rejected';
      readonly reason: RejectReason;
      readonly status?: number;
      readonly answer?: string;
    };

/** One attempt's work. The delivery's id is the same on every attempt and across restarts. */
export interface Job {
  readonly deliveryId: DeliveryId;
  /** 1 for the first. */
  readonly attempt: number;
  readonly event: TocsinEvent;
  /** Whether this delivery is an internal alert to the admins. */
  readonly internal: boolean;
}

/** What a target would send. */
export interface Preview {
  readonly mediaType: string;
  /** The target's secrets are taken out. Empty when there is a fault. */
  readonly text: string;
  /** Why nothing can be sent as it is configured. */
  readonly fault?: string;
}

export interface Target {
  /**
   * Sends one delivery. Resolves with the outcome, also for every failure of the network or the receiver; a
   * throw is a bug, recorded as `fault` and tried again. `signal` aborts at the engine's time-out or at stop.
   */
  send(job: Job, signal: AbortSignal): Promise<Outcome>;
  /** What `send` would send now, made by the same code; nothing leaves, and no message is made. */
  preview?(job: Job): Preview;
  /** Releases connections and files; no send is in flight any more. */
  close(): Promise<void>;
}

/** What a target kind gets handed, so that its test needs no network and no mock. */
export interface TargetContext {
  /** The target's id in the config. */
  readonly id: string;
  /** Guarded: refuses addresses that are not public unless the config allows them. */
  readonly http: HttpClient;
  /** Asked before each connection by a kind that opens its own: where it may go depends on who wrote the target. */
  readonly dial: Dial;
  /** From the common settings, for kinds that open their own connections; `http` knows it already. */
  readonly tls: TlsMaterial;
  readonly clock: Clock;
  readonly log: Logger;
  /** For one attempt. */
  readonly timeoutMs: number;
  /** Sends at once at most: who gathers deliveries knows that no more will come. */
  readonly concurrency: number;
  /** Base of the links made, without a trailing slash. */
  readonly publicUrl: string;
  /** The header `traceparent` of an attempt; left out, receivers are told of no trace. */
  readonly traceparent?: (job: Job) => string;
  /**
   * The link to a message that holds the whole text for 24 hours; equal keys give the same link, however often and from
   * whichever replica. Rejects when none can be made. Absent: there are no messages.
   */
  readonly shareText?: (key: string, text: string, signal: AbortSignal) => Promise<string>;
  /** Writes a line to the service's standard output. */
  readonly writeLine: (line: string) => void;
}

/** A kind of target: one file, one line in `kinds/index.ts`. Its schema gives validation, masking and the docs. */
export interface TargetKind<Settings extends TObject = TObject> {
  readonly kind: string;
  /** One sentence for the reference. */
  readonly summary: string;
  /**
   * How it gets there: with `context.http` (when absent), over sockets of its own, or over no network at all. The
   * common settings on proxies and TLS are refused where they would do nothing.
   */
  readonly connects?: 'http' | 'sockets' | 'nowhere';
  /** Beyond `id` and `kind`. Secrets are `secretText()`. */
  readonly settings: Settings;
  /** Faults that a schema cannot say; each names the key it is about. Never echoes a value. */
  check?(settings: Static<Settings>): readonly Fault[];
  /**
   * Faults of a target that was made over the API: what it would do with the rights of the machine. Settings that name
   * its files are refused by their mark, `fileOfMachine`.
   */
  checkStored?(settings: Static<Settings>): readonly Fault[];
  open(settings: Static<Settings>, context: TargetContext): Target;
}

export function defineTarget<const Settings extends TObject>(
  kind: TargetKind<Settings>,
): TargetKind<Settings> {
  return kind;
}
