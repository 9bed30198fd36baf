import { HttpReceiver } from '../../tests/support/http-receiver.ts';
import type { Reception } from './reception.ts';
import { linkedEvent, type Sink } from './sink.ts';

/** Twilio's message resource; one number has unsubscribed, which no retry mends. */
export async function startSmsSink(reception: Reception): Promise<Sink> {
  const receiver = await HttpReceiver.start();
  receiver.answer = (response, { body }) => {
    receiver.requests.length = 0;
    const text = new URLSearchParams(body).get('Body') ?? '';
    const verdict = reception.take('sms', linkedEvent(text), text.split('\n', 1)[0] ?? '', {
      accept: 'queued',
      fail: '503',
      refuse: '400, code 21610: unsubscribed',
    });
    response.setHeader('content-type', 'application/json');
    response
      .writeHead({ accept: 201, fail: 503, refuse: 400 }[verdict])
      .end(JSON.stringify(answers[verdict]));
  };
  return { url: receiver.url(''), close: () => receiver.close() };
}

const answers = {
  accept: { sid: 'SM00000000000000000000000000000000', status: 'queued' },
  fail: { code: 20503, message: 'Service unavailable' },
  refuse: { code: 21610, message: 'Attempt to send to unsubscribed recipient' },
};
