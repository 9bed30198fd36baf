import { IncidentUpstream } from '../tests/support/incident-upstream.ts';

/** An incident that is listed anew. */
export interface Listing {
  readonly type: string;
  /** What it is, in words. */
  readonly what: string;
}

interface Draft extends Listing {
  readonly record: Readonly<Record<string, unknown>>;
}

/** As the original: seven lists at once take almost five seconds, and some addresses are forgotten meanwhile. */
const LIKE_THE_ORIGINAL = { factor: 1, dropOutsMax: 900 };
/** Asked slowly enough it would forget none, and there would be nothing to see: now and then it does, load or not. */
const FORGOTTEN = 400;

/** Plays the incident API out in the world. */
export class IncidentApi {
  readonly #upstream: IncidentUpstream;
  /** Addresses that are somebody's. */
  readonly #known: readonly string[];
  /** Of incidents that were listed before anybody knew whose they are. */
  readonly #nobodys: string[] = [];
  #listed = 0;

  private constructor(upstream: IncidentUpstream) {
    this.#upstream = upstream;
    this.#known = [...upstream.identities.keys()];
  }

  static async start(password: string): Promise<IncidentApi> {
    return new IncidentApi(await IncidentUpstream.start({ ...LIKE_THE_ORIGINAL, password }));
  }

  /** What the service is configured by. */
  get environment(): Record<string, string> {
    const { url, user, password } = this.#upstream;
    return { TOCSIN_INCIDENTS_URL: url, ELEVATE_API_USER: user, ELEVATE_API_PASSWORD: password };
  }

  /** One incident more than was listed before. */
  list(): Listing {
    const { type, what, record } = this.#next();
    this.#listed += 1;
    // Nobody looks at them here, and a demo may run for a day.
    this.#upstream.requests.length = 0;
    this.#upstream.forgotten = this.#listed % 3 === 2 ? FORGOTTEN : 0;
    this.#upstream.add(type, record);
    return { type, what };
  }

  /** Says whose the addresses are that were nobody's; returns them. */
  identify(): readonly string[] {
    const addresses = this.#nobodys.splice(0);
    for (const [index, address] of addresses.entries())
      this.#upstream.identify(address, 9_000 + this.#listed + index);
    return addresses;
  }

  async close(): Promise<void> {
    await this.#upstream.close();
  }

  /** In turn: an address that is known, an employee named, an address that is nobody's yet, an employee by another name. */
  #next(): Draft {
    const nth = this.#listed;
    const when = { timestamp: Date.now() / 1_000 };
    const attacker = `203.0.113.${nth % 254}`;
    const address = this.#known[nth % this.#known.length];
    switch (nth % 4) {
      case 0:
        return {
          type: 'intrusion',
          what: `intrusion, high, at ${address}`,
          record: { priority: 'high', internal_ip: address, source_ip: attacker, ...when },
        };
      case 1:
        return {
          type: 'misuse',
          what: 'misuse, medium, by an employee',
          record: { priority: 'medium', employee_id: 9_000 + nth, ...when },
        };
      case 2:
        return this.#unknown(`198.18.${(nth >> 8) & 255}.${nth & 255}`, when);
      default:
        return {
          type: 'other',
          what: 'other, low, by an employee',
          record: { priority: 'low', identifier: 9_000 + nth, ...when },
        };
    }
  }

  #unknown(address: string, when: { readonly timestamp: number }): Draft {
    this.#nobodys.push(address);
    return {
      type: 'probing',
      what: `probing, critical, from ${address}, which is nobody's`,
      record: { priority: 'critical', ip: address, ...when },
    };
  }
}
