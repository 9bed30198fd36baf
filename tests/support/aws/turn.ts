import { setTimeout as wait } from 'node:timers/promises';
import type { Call } from './call-log.ts';
import type { Fault } from './faults.ts';
import type { AccessKey } from './keys.ts';
import type { Operation, ServiceName } from './operation.ts';
import type { Parameters } from './parameters.ts';
import type { Refusal } from './refusal.ts';
import type { Answer } from './wire/answer.ts';
import { refusalOf } from './words.ts';

/** One call on its way: what is known of it, and what becomes of it. */
export class Turn {
  readonly service: ServiceName;
  readonly region: string;
  readonly #accessKeyId: string;
  #operation: Operation | undefined;
  #parameters: Parameters | undefined;
  code: string | undefined;
  mistake: unknown;
  isTruncated = false;
  hangs = false;

  constructor(service: ServiceName, region: string, accessKeyId: string) {
    this.service = service;
    this.region = region;
    this.#accessKeyId = accessKeyId;
  }

  get action(): string {
    return this.#operation?.action ?? '';
  }

  read(operation: Operation, parameters: Parameters): void {
    this.#operation = operation;
    this.#parameters = parameters;
  }

  call(status: number): Call {
    const { service, region, code, action } = this;
    return {
      service,
      operation: this.#operation?.name ?? '',
      action,
      region,
      accessKeyId: this.#accessKeyId,
      parameters: this.#parameters?.all ?? {},
      status,
      code,
    };
  }
}

/** What a fault does to a call. `answer`: the real answer is still to come; undefined: none at all. */
export async function inflict(
  fault: Fault,
  turn: Turn,
  key: AccessKey,
): Promise<Answer | 'answer' | undefined> {
  switch (fault.kind) {
    case 'deny':
      throw denial(turn, key);
    case 'throttle':
    case 'rate':
      throw refusalOf(turn.service, 'throttled');
    case 'internal':
      throw refusalOf(turn.service, 'internal');
    case 'hang':
      turn.hangs = true;
      return undefined;
    case 'cut':
      return undefined;
    case 'truncate':
      turn.isTruncated = true;
      return 'answer';
    case 'delay':
      await wait(fault.ms);
      return 'answer';
    case 'answer':
      return { status: fault.status, headers: fault.headers ?? {}, body: Buffer.from(fault.body) };
  }
}

/** IAM's no. */
export const denial = (turn: Turn, key: AccessKey): Refusal =>
  refusalOf(turn.service, 'denied', key.principalArn, turn.action);
