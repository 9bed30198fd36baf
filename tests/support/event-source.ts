import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { TOKEN } from './service.ts';
import { until } from './until.ts';

export interface SourceOptions {
  /** Else the stream of events. */
  readonly path?: string;
  /** `?severity=high`. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A client of a stream of server-sent events that keeps all it is told. */
export class EventSource {
  readonly #response: IncomingMessage;
  text = '';
  isOver = false;

  private constructor(response: IncomingMessage) {
    this.#response = response;
    response.setEncoding('utf8').on('data', (text: string) => (this.text += text));
    // Cut short shows as an error first.
    response.on('error', () => {}).on('close', () => (this.isOver = true));
  }

  /** Resolves when the stream is open: what is committed from then on is told. */
  static async open(
    url: string,
    { path = '/api/v1/events/stream', query = '', headers = {} }: SourceOptions = {},
  ): Promise<EventSource> {
    const asked = request(`${url}${path}${query}`, {
      agent: false,
      headers: { authorization: `Bearer ${TOKEN}`, ...headers },
    });
    asked.end();
    const [response]: IncomingMessage[] = await once(asked, 'response');
    if (response === undefined) throw new TypeError('a response event without a response');
    const source = new EventSource(response);
    await until('the stream to begin', () => source.text.includes('retry: ') || source.isOver);
    return source;
  }

  get status(): number {
    return this.#response.statusCode ?? 0;
  }

  get headers(): IncomingMessage['headers'] {
    return this.#response.headers;
  }

  /** Messages by field. */
  get messages(): readonly Readonly<Record<string, string>>[] {
    return this.text
      .split('\n\n')
      .map((block) =>
        Object.fromEntries([...block.matchAll(/^(\w+): (.*)$/gm)].map(([, name, value]) => [name, value])),
      )
      .filter((fields) => 'data' in fields);
  }

  /** What the messages without a name say. */
  get events(): readonly unknown[] {
    return this.messages
      .filter(({ event }) => event === undefined)
      .map(({ data = '' }) => JSON.parse(data) as unknown);
  }

  /** Resolves with so many events, or more. */
  async told(count: number): Promise<readonly unknown[]> {
    return until(`${count} events on the stream`, () => this.events.length >= count && this.events);
  }

  stopReading(): void {
    this.#response.pause();
  }

  close(): void {
    this.#response.destroy();
  }
}
