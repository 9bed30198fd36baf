import { Type } from 'typebox';
import { Check } from 'typebox/value';
import { HttpReceiver } from '../../tests/support/http-receiver.ts';
import type { Reception } from './reception.ts';
import { linkedEvent, type Sink } from './sink.ts';

const message = Type.Object({ text: Type.String(), blocks: Type.Array(Type.Unknown()) });

/** Slack's incoming webhook, over TLS; now and then it says 429 with Retry-After. */
export async function startSlackSink(reception: Reception): Promise<Sink> {
  const receiver = await HttpReceiver.start('https');
  receiver.answer = (response, { body }) => {
    receiver.requests.length = 0;
    const verdict = reception.take('slack', linkedEvent(body), textOf(body), {
      accept: 'over TLS',
      fail: '429, Retry-After: 1',
      refuse: '410',
    });
    if (verdict === 'fail') response.setHeader('retry-after', '1');
    response
      .writeHead({ accept: 200, fail: 429, refuse: 410 }[verdict])
      .end(verdict === 'accept' ? 'ok' : '');
  };
  return { url: receiver.url('/services/T0DEMO/B0DEMO/demo'), close: () => receiver.close() };
}

function textOf(body: string): string {
  const parsed: unknown = JSON.parse(body);
  return Check(message, parsed) ? unescape(parsed.text) : 'not a Slack message';
}

const unescape = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
