import type { Arrived, Sent, TargetId } from './happening.ts';
import { targets } from './happening.ts';

/** What was sent and what arrived, counted at both ends of the service. */
export class Tally {
  requests = 0;
  /** Notifications answered 200, repeats among them. */
  accepted = 0;
  /** Requests whose answer was not the expected one. */
  surprises = 0;
  retries = 0;
  /** Deliveries whose signature did not verify. */
  forged = 0;
  /** Incidents that were listed anew. */
  listed = 0;
  /** Those of them that came out at the log, which takes everything. */
  incidentsLogged = 0;
  readonly refusedByStatus = new Map<number, number>();
  readonly delivered = new Map<TargetId, number>(targets.map((target) => [target, 0]));

  sent({ status, expected, notifications }: Sent): void {
    this.requests += 1;
    if (status !== expected) this.surprises += 1;
    if (status === 200) this.accepted += notifications;
    else this.refusedByStatus.set(status, (this.refusedByStatus.get(status) ?? 0) + 1);
  }

  arrived({ target, verdict, isRetry, title }: Omit<Arrived, 'note'>): void {
    if (isRetry) this.retries += 1;
    if (target === 'log' && title.includes(' incident: ')) this.incidentsLogged += 1;
    if (verdict === 'accept') this.delivered.set(target, (this.delivered.get(target) ?? 0) + 1);
  }
}
