import type { Received, ReceiverMode, Stage } from '../../src/targets/kinds/contract.ts';
import { answers, HttpReceiver, type Answer, type ReceivedRequest } from './http-receiver.ts';
import type { OpenedKind } from './open-kind.ts';

export interface HttpStageOptions {
  open(receiver: HttpReceiver): OpenedKind;
  readonly secrets: readonly string[];
  read(request: ReceivedRequest): Received;
  /** Makes the answer of a refusal, given a text that quotes the request. */
  refuse(quote: string): { readonly status: number; readonly body: string };
}

/** A target that speaks HTTP, with a receiver on loopback. */
export async function httpStage(options: HttpStageOptions): Promise<Stage> {
  const receiver = await HttpReceiver.start();
  const opened = options.open(receiver);
  const modes: Record<ReceiverMode, Answer> = {
    accept: answers.status(200, 'ok'),
    fail: (response, request) => void response.writeHead(500).end(quoteOf(request)),
    refuse: (response, request) => {
      const { status, body } = options.refuse(quoteOf(request));
      response.writeHead(status).end(body);
    },
    hang: answers.hang,
    reset: answers.reset,
  };
  let isReleased = false;
  return {
    target: opened.target,
    secrets: options.secrets,
    received: async () => receiver.requests.map((request) => options.read(request)),
    set: async (mode) => {
      receiver.answer = modes[mode];
    },
    reached: () => receiver.received(1),
    release: async () => {
      if (isReleased) return;
      isReleased = true;
      await opened.close();
      await receiver.released();
    },
    stop: () => receiver.close(),
  };
}

function quoteOf({ method, path, headers }: ReceivedRequest): string {
  return `Cannot ${method} ${path} ${JSON.stringify(headers)}`;
}
