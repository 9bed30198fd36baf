/** One message of a stream of server-sent events. */
export interface StreamMessage {
  /** `message` when it has no name. */
  readonly event: string;
  /** Where to go on after a break: of this message, or of the last one that named one. */
  readonly lastId: string | undefined;
  readonly data: string;
}

/** Characters of one message; no event of a list comes near. */
const MESSAGE_MAX = 4_000_000;

/**
 * Takes the body of a stream apart (WHATWG HTML, 9.2.6). It ends with the body; what is left of a message then is
 * dropped, as the standard has it. Throws RangeError on a message without end.
 */
export async function* readMessages(body: AsyncIterable<Uint8Array>): AsyncGenerator<StreamMessage> {
  let lastId: string | undefined;
  let event = '';
  let data: string[] = [];
  for await (const line of linesOf(body)) {
    if (line === '') {
      if (data.length > 0) yield { event: event || 'message', lastId, data: data.join('\n') };
      event = '';
      data = [];
      continue;
    }
    const { name, value } = fieldOf(line);
    if (name === 'event') event = value;
    if (name === 'data') data.push(value);
    if (name === 'id' && !value.includes('\0')) lastId = value;
  }
}

/** A line that begins with a colon is a comment: a field without a name. */
function fieldOf(line: string): { readonly name: string; readonly value: string } {
  const colon = line.indexOf(':');
  if (colon < 0) return { name: line, value: '' };
  const value = line.slice(colon + 1);
  return { name: line.slice(0, colon), value: value.startsWith(' ') ? value.slice(1) : value };
}

async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    if (rest.length > MESSAGE_MAX) throw new RangeError('a message without end');
    // A carriage return at the end may be half of a line's end.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
