import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { Type } from 'typebox';
import { Check } from 'typebox/value';
import { HttpReceiver } from '../../tests/support/http-receiver.ts';
import type { Reception } from './reception.ts';
import type { Sink } from './sink.ts';

const cloudEvent = Type.Object({ id: Type.String(), data: Type.Object({ title: Type.String() }) });

/** A receiver of Standard Webhooks: believes nothing whose signature does not verify. */
export async function startHttpSink(reception: Reception, secret: string, forged: () => void): Promise<Sink> {
  const receiver = await HttpReceiver.start();
  const webhook = new Webhook(secret);
  receiver.answer = (response, { headers, body }) => {
    receiver.requests.length = 0;
    const event = verified(webhook, body, headers);
    if (event === undefined) {
      forged();
      response.writeHead(401).end('the signature does not verify');
      return;
    }
    const verdict = reception.take('http', headers['webhook-id'] ?? '', titleOf(event), {
      accept: 'signature verified',
      fail: '500',
      refuse: '410',
    });
    response.writeHead({ accept: 202, fail: 500, refuse: 410 }[verdict]).end(answers[verdict]);
  };
  return { url: receiver.url('/hooks/tocsin'), close: () => receiver.close() };
}

const answers = { accept: 'taken', fail: 'out of order for a moment', refuse: 'gone' };

function verified(webhook: Webhook, body: string, headers: Readonly<Record<string, string>>): unknown {
  try {
    return webhook.verify(body, headers);
  } catch (error) {
    // The sender is told 401, and the demo ends with a fault.
    if (error instanceof WebhookVerificationError) return undefined;
    throw error;
  }
}

const titleOf = (event: unknown): string =>
  Check(cloudEvent, event) ? event.data.title : 'not a CloudEvent of an event';
