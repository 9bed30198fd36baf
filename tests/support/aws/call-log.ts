import type { ServiceName } from './operation.ts';

/** One call that came in, answered or not. */
export interface Call {
  readonly service: ServiceName;
  /** `DescribeVolumes`; empty for what was refused before it was read. */
  readonly operation: string;
  /** IAM's name: `ec2:DescribeVolumes`. */
  readonly action: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Of the answer; 0 where there was none. */
  readonly status: number;
  /** AWS's error code; undefined of what was answered. */
  readonly code: string | undefined;
}

/** All calls since it was last cleared, and how many were under way at once. */
export class CallLog {
  calls: Call[] = [];
  inFlight = 0;
  mostInFlight = 0;

  begin(): void {
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
  }

  end(call: Call): void {
    this.inFlight -= 1;
    this.calls.push(call);
  }

  /** Those of an action or an operation: `ec2:DescribeVolumes`, `GetBucketAcl`. */
  of(name: string): Call[] {
    return this.calls.filter(({ action, operation }) => action === name || operation === name);
  }

  /** How often each action was called. */
  count(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { action } of this.calls) counts[action] = (counts[action] ?? 0) + 1;
    return counts;
  }

  clear(): void {
    this.calls = [];
    this.mostInFlight = this.inFlight;
  }
}
