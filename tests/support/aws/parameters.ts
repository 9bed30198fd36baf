import { createHash } from 'node:crypto';

/** What a caller asked with, by AWS's own names. Nothing of it is believed to be of a type before it was looked at. */
export class Parameters {
  readonly all: Readonly<Record<string, unknown>>;

  constructor(all: unknown) {
    this.all = isRecord(all) ? all : {};
  }

  text(name: string): string | undefined {
    const value = this.all[name];
    return typeof value === 'string' ? value : undefined;
  }

  whole(name: string): number | undefined {
    const value = this.all[name];
    if (typeof value === 'string' && /^\d+$/.test(value)) return Number(value);
    return typeof value === 'number' ? value : undefined;
  }

  flag(name: string): boolean {
    return this.all[name] === true;
  }

  date(name: string): number | undefined {
    const value = this.all[name];
    return value instanceof Date ? value.getTime() : undefined;
  }

  /** Undefined where it was not said, which is not an empty list. */
  texts(name: string): readonly string[] | undefined {
    const value = this.all[name];
    return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined;
  }

  list(name: string): readonly Parameters[] {
    const value = this.all[name];
    return Array.isArray(value) ? value.map((one) => new Parameters(one)) : [];
  }

  below(name: string): Parameters | undefined {
    return isRecord(this.all[name]) ? new Parameters(this.all[name]) : undefined;
  }

  /** The same for the same parameters, but for those that say which page. */
  fingerprint(...but: readonly string[]): string {
    const rest = Object.entries(this.all).filter(([name]) => !but.includes(name));
    return createHash('sha256').update(JSON.stringify(rest)).digest('base64url').slice(0, 16);
  }

  /** Whether some text of it is that resource: its id, its name, or an ARN that ends in it. */
  mentions(resource: string): boolean {
    return mentioned(this.all, resource);
  }
}

function mentioned(value: unknown, resource: string): boolean {
  if (typeof value === 'string')
    return value === resource || value.endsWith(`/${resource}`) || value.endsWith(`:${resource}`);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((one) => mentioned(one, resource));
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
