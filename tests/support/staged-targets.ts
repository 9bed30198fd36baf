import { at, listAt, textAt } from './ask.ts';
import { type Answer as Behaviour, HttpReceiver } from './http-receiver.ts';
import { until } from './until.ts';
import type { Visit } from './visitor.ts';

export interface StagedTarget {
  /** The target's id, and the type of the events that go to it. */
  readonly id: string;
  readonly behaviour?: Behaviour;
  /** Further settings, as YAML: `timeout: 1s, retryAttempts: 2`. */
  readonly settings?: string;
  /** Where it is; a receiver of its own when absent. */
  readonly url?: string;
}

/** HTTP targets, each with a receiver on loopback and a rule that sends it the events of its name. */
export class StagedTargets {
  readonly receivers = new Map<string, HttpReceiver>();
  readonly #targets: readonly StagedTarget[];

  private constructor(targets: readonly StagedTarget[]) {
    this.#targets = targets;
  }

  static async start(targets: readonly StagedTarget[]): Promise<StagedTargets> {
    const staged = new StagedTargets(targets);
    for (const { id, behaviour, url } of targets) {
      if (url !== undefined) continue;
      const receiver = await HttpReceiver.start();
      if (behaviour !== undefined) receiver.answer = behaviour;
      staged.receivers.set(id, receiver);
    }
    return staged;
  }

  /** The text of tocsin.yaml; only the receivers' own ports may be dialled. */
  get config(): string {
    const targets = this.#targets.map(
      ({ id, url, settings = '' }) =>
        `  - {id: ${id}, kind: http, url: "${url ?? this.of(id).url()}", retryFirstDelay: 50ms, retryMaxDelay: 50ms, ${settings}}\n`,
    );
    const rules = this.#targets.map(
      ({ id }) => `  - {id: to-${id}, when: {type: ${id}}, targets: [${id}]}\n`,
    );
    const allowed = [...this.receivers.values()].map(({ port }) => `'127.0.0.1:${port}'`);
    return `egress: {allow: [${allowed.join(', ')}]}\ntargets:\n${targets.join('')}rules:\n${rules.join('')}`;
  }

  of(id: string): HttpReceiver {
    const receiver = this.receivers.get(id);
    if (receiver === undefined) throw new TypeError(`no receiver ${id}`);
    return receiver;
  }

  async close(): Promise<void> {
    await Promise.all([...this.receivers.values()].map((receiver) => receiver.close()));
  }
}

/** Sends an event to the target of that id; the id of its delivery. */
export async function deliverTo(there: Visit, target: string, matter = target): Promise<string> {
  const sent = await there.webhook(JSON.stringify([{ sqreen_payload_type: target, id: matter }]));
  if (sent.status !== 200) throw new Error(sent.text);
  const { json } = await there.operator('GET', `/api/v1/deliveries?target=${target}&limit=1`);
  return textAt(json, 'items', 0, 'id');
}

export const readDelivery = async (there: Visit, id: string): Promise<unknown> =>
  (await there.operator('GET', `/api/v1/deliveries/${id}`)).json;

/** The delivery once it is as wanted. */
export const deliveryWhen = (there: Visit, id: string, what: string, isSo: (delivery: unknown) => boolean) =>
  until(`delivery ${id} to be ${what}`, async () => {
    const delivery = await readDelivery(there, id);
    return isSo(delivery) && delivery;
  });

export const settled = (there: Visit, id: string) =>
  deliveryWhen(there, id, 'settled', (delivery) => at(delivery, 'status') !== 'pending');
export const attempted = (there: Visit, id: string) =>
  deliveryWhen(there, id, 'attempted', (delivery) => Number(at(delivery, 'attempts')) > 0);

/** Reasons of the attempts so far, `null` for a good one. */
export const reasonsOf = (delivery: unknown): unknown[] =>
  listAt(delivery, 'attemptLog').map((attempt) => at(attempt, 'reason'));
