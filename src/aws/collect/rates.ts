import type { Clock } from '../../kernel/clock.ts';
import type { Pace } from '../principal.ts';

export const awsServices = ['ec2', 'ecs', 's3', 's3control', 'cloudwatch', 'sts'] as const;
export type AwsService = (typeof awsServices)[number];

interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * Below what AWS lets an account ask in a region over time, so that its own automation always gets its turn. EC2 and ECS
 * count calls by their names ("Request throttling" in the documentation of their APIs); S3 has no published rate of what
 * is read of a bucket's settings.
 */
const rates: Record<AwsService, Rate> = {
  ec2: { burst: 80, perSecond: 12 },
  ecs: { burst: 80, perSecond: 18 },
  s3: { burst: 1_000, perSecond: 1_000 },
  s3control: { burst: 20, perSecond: 10 },
  cloudwatch: { burst: 20, perSecond: 16 },
  sts: { burst: 20, perSecond: 10 },
};
const clusterRate: Rate = { burst: 40, perSecond: 18 };
/** One call per revision: by far the most of a scan. AWS has 50 at once for an account, and 20 a second. */
const definitionRates: Readonly<Record<Pace, Rate>> = {
  careful: { burst: 45, perSecond: 18 },
  // More at once than AWS promises; the first answer that refuses it ends the burst (`slow`).
  fast: { burst: 200, perSecond: 18 },
};

function rateOf(service: AwsService, call: string, pace: Pace): Rate {
  if (service !== 'ecs') return rates[service];
  if (call.startsWith('DescribeTaskDefinition')) return definitionRates[pace];
  return /Clusters/.test(call) ? clusterRate : rates.ecs;
}

/** One token bucket per service, region and call. */
export class Rates {
  readonly #clock: Clock;
  readonly #pace: Pace;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(clock: Clock, pace: Pace = 'careful') {
    this.#clock = clock;
    this.#pace = pace;
  }

  of(service: AwsService, region: string, call: string): TokenBucket {
    const key = `${service} ${region} ${call}`;
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      bucket = new TokenBucket(rateOf(service, call, this.#pace), this.#clock);
      this.#buckets.set(key, bucket);
    }
    return bucket;
  }
}

/** May owe tokens: whoever comes while it does waits until they have come back, in the order of coming. */
export class TokenBucket {
  readonly #rate: Rate;
  readonly #clock: Clock;
  #tokens: number;
  #at: number;
  /** How often AWS found it too much: turns that were given before do not count any more. */
  slowed = 0;

  constructor(rate: Rate, clock: Clock) {
    this.#rate = rate;
    this.#clock = clock;
    this.#tokens = rate.burst;
    this.#at = clock.now();
  }

  /** Takes the next free turn; how many ms there are until then. */
  reserve(): number {
    const now = this.#clock.now();
    const { burst, perSecond } = this.#rate;
    // A clock that was set back gives nothing, and takes nothing.
    const come = (Math.max(0, now - this.#at) / 1_000) * perSecond;
    this.#at = now;
    this.#tokens = Math.min(burst, this.#tokens + come) - 1;
    return this.#tokens >= 0 ? 0 : Math.ceil((-this.#tokens / perSecond) * 1_000);
  }

  /** AWS has had enough: what is left of the burst is gone. */
  slow(): void {
    if (this.#tokens <= 0) return;
    this.#tokens = 0;
    this.slowed += 1;
  }
}
