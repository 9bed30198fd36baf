import { createHmac } from 'node:crypto';
import { MARKER, RUN_DIGITS, SEQUENCE_DIGITS, SIGNATURE_HOLE, type RequestShape } from './requests.ts';

/** Addresses repeat, as those of a real attack do. */
const ADDRESSES = 100;
const FIRST_ADDRESS = 100;

export interface SlabOptions {
  readonly port: number;
  /** 0 to 9999; requests of different runs are different events. */
  readonly run: number;
  readonly count: number;
  /** Key of the signature, where the shape has one. */
  readonly signatureKey: string;
}

/**
 * Complete requests, signed before the measurement begins and laid out in one block of memory: in the measurement
 * the generator computes and allocates next to nothing.
 */
export class RequestSlab {
  readonly count: number;
  readonly #bytes: Buffer;
  readonly #requestBytes: number;

  constructor(shape: RequestShape, options: SlabOptions) {
    const template = templateOf(shape, options);
    this.count = options.count;
    this.#requestBytes = template.bytes.length;
    this.#bytes = Buffer.allocUnsafe(this.#requestBytes * options.count);
    for (let sequence = 0; sequence < options.count; sequence++) {
      fill(template, sequence, options.signatureKey);
      template.bytes.copy(this.#bytes, sequence * this.#requestBytes);
    }
  }

  /** The whole request, head and body. */
  request(sequence: number): Buffer {
    const start = sequence * this.#requestBytes;
    return this.#bytes.subarray(start, start + this.#requestBytes);
  }
}

interface Template {
  readonly bytes: Buffer;
  readonly bodyStart: number;
  readonly signatureAt: number | undefined;
  readonly sequencesAt: readonly number[];
  readonly addressesAt: readonly number[];
}

function templateOf(shape: RequestShape, options: SlabOptions): Template {
  const run = String(options.run).padStart(RUN_DIGITS, '0');
  const body = shape.body.replaceAll(`${MARKER}RRRR`, MARKER + run);
  const head = headOf(shape, options.port, Buffer.byteLength(body));
  const text = head + body;
  return {
    bytes: Buffer.from(text),
    bodyStart: head.length,
    signatureAt: positionsOf(head, SIGNATURE_HOLE)[0],
    sequencesAt: positionsOf(text, 'S'.repeat(SEQUENCE_DIGITS)),
    addressesAt: positionsOf(text, 'AAA'),
  };
}

function headOf(shape: RequestShape, port: number, bodyBytes: number): string {
  const lines = [
    `${shape.method} ${shape.path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    ...(bodyBytes === 0 ? [] : ['Content-Type: application/json', `Content-Length: ${bodyBytes}`]),
    ...shape.headers,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function positionsOf(text: string, part: string): number[] {
  const positions: number[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) positions.push(at);
  return positions;
}

function fill(template: Template, sequence: number, key: string): void {
  const { bytes, signatureAt } = template;
  const number = String(sequence).padStart(SEQUENCE_DIGITS, '0');
  const address = String(FIRST_ADDRESS + (sequence % ADDRESSES));
  for (const at of template.sequencesAt) bytes.write(number, at, 'latin1');
  for (const at of template.addressesAt) bytes.write(address, at, 'latin1');
  if (signatureAt === undefined) return;
  const signature = createHmac('sha256', key).update(bytes.subarray(template.bodyStart)).digest('hex');
  bytes.write(signature, signatureAt, 'latin1');
}
