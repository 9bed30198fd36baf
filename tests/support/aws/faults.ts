/** What may be asked of calls before they are answered. */
export interface FaultyCall {
  /** IAM's name: `ec2:DescribeVolumes`. */
  readonly action: string;
  readonly region: string;
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly mentions: (resource: string) => boolean;
}

/** Which calls a fault is for: all that have what is said. `action` may end in `*`. */
export interface FaultMatch {
  readonly action?: string;
  readonly region?: string;
  readonly accountId?: string;
  readonly accessKeyId?: string;
  /** A bucket, a cluster, a volume: something that the parameters name. */
  readonly resource?: string;
}

export type Fault =
  /** IAM says no, throttled, a 500: each service in its own words. */
  | { readonly kind: 'deny' | 'throttle' | 'internal' }
  /** The connection is reset before any answer; or half of the answer is sent and then it is. */
  | { readonly kind: 'cut' | 'truncate' }
  /** No answer for as long as the server runs. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'delay'; readonly ms: number }
  /** Throttles what is over so many calls a second, per account, region and action. */
  | { readonly kind: 'rate'; readonly perSecond: number; readonly burst: number }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string;
    };

interface Rule {
  readonly fault: Fault;
  readonly match: FaultMatch;
  left: number;
  readonly buckets: Map<string, { tokens: number; at: number }>;
}

/** What goes wrong, settable while calls are made. */
export class Faults {
  /** Before each answer, in ms. */
  latencyMs = 0;
  readonly #now: () => number;
  #rules: Rule[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** `times`: for the first so many calls that match. Returns what takes it out again. */
  add(fault: Fault, match: FaultMatch = {}, times = Number.POSITIVE_INFINITY): () => void {
    const rule: Rule = { fault, match, left: times, buckets: new Map() };
    this.#rules.push(rule);
    return () => {
      this.#rules = this.#rules.filter((one) => one !== rule);
    };
  }

  /** Denies an action, wherever it is not said otherwise. */
  deny(action: string, match: Omit<FaultMatch, 'action'> = {}): () => void {
    return this.add({ kind: 'deny' }, { ...match, action });
  }

  clear(): void {
    this.#rules = [];
    this.latencyMs = 0;
  }

  /** Of this call, in the order in which they were added. Each is counted as used. */
  of(call: FaultyCall): Fault[] {
    return this.#rules.filter((rule) => this.#applies(rule, call)).map(({ fault }) => fault);
  }

  #applies(rule: Rule, call: FaultyCall): boolean {
    if (rule.left <= 0 || !matches(rule.match, call)) return false;
    if (rule.fault.kind === 'rate' && this.#takeToken(rule, rule.fault, call)) return false;
    rule.left -= 1;
    return true;
  }

  #takeToken(rule: Rule, { perSecond, burst }: Extract<Fault, { kind: 'rate' }>, call: FaultyCall): boolean {
    const name = `${call.accountId}/${call.region}/${call.action}`;
    const now = this.#now();
    const bucket = rule.buckets.get(name) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1_000) * perSecond);
    const isThere = tokens >= 1;
    rule.buckets.set(name, { tokens: isThere ? tokens - 1 : tokens, at: now });
    return isThere;
  }
}

function matches(match: FaultMatch, call: FaultyCall): boolean {
  return (
    isAction(match.action, call.action) &&
    (match.region ?? call.region) === call.region &&
    (match.accountId ?? call.accountId) === call.accountId &&
    (match.accessKeyId ?? call.accessKeyId) === call.accessKeyId &&
    (match.resource === undefined || call.mentions(match.resource))
  );
}

export function isAction(pattern: string | undefined, action: string): boolean {
  if (pattern === undefined) return true;
  return pattern.endsWith('*') ? action.startsWith(pattern.slice(0, -1)) : action === pattern;
}
