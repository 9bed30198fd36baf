import type { ServerResponse } from 'node:http';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** What goes wrong with one list, in place of its answer. */
export type UpstreamFault =
  | {
      readonly kind: 'answer';
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Buffer;
    }
  | { readonly kind: 'hang'; readonly at: 'before' | 'mid_body' }
  /** A byte after the other, for ever. */
  | { readonly kind: 'drip'; readonly everyMs: number }
  /** Whole as HTTP, cut as JSON. */
  | { readonly kind: 'truncated' }
  /** The connection is reset, before the answer or within it. */
  | { readonly kind: 'drop'; readonly at: 'before' | 'mid_body' }
  | { readonly kind: 'redirect'; readonly to: string; readonly status?: number }
  /** So many blanks: compressed, a bomb. */
  | { readonly kind: 'huge'; readonly bytes: number; readonly coding?: Coding };

export type Coding = 'gzip' | 'br';

/** Without much effort: brotli's own default takes a second for a bomb. */
const swiftly = { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } };

export const compressed = (body: Buffer, coding: Coding): Buffer =>
  coding === 'gzip' ? gzipSync(body, { level: 1 }) : brotliCompressSync(body, swiftly);

/** Answers wrongly. `body`: what would have been right. */
export function answerWrongly(fault: UpstreamFault, response: ServerResponse, body: Buffer): void {
  const half = body.subarray(0, Math.floor(body.length / 2));
  switch (fault.kind) {
    case 'answer':
      response.writeHead(fault.status ?? 200, { ...fault.headers }).end(fault.body ?? '');
      return;
    case 'hang':
      if (fault.at === 'mid_body') response.writeHead(200, { 'content-length': body.length }).write(half);
      return;
    case 'drip':
      drip(response, body, fault.everyMs);
      return;
    case 'truncated':
      response.writeHead(200, { 'content-type': 'application/json' }).end(half);
      return;
    case 'drop':
      drop(response, body, half, fault.at);
      return;
    case 'redirect':
      response.writeHead(fault.status ?? 302, { location: fault.to }).end();
      return;
    case 'huge':
      huge(response, fault.bytes, fault.coding);
  }
}

function drop(response: ServerResponse, body: Buffer, half: Buffer, at: 'before' | 'mid_body'): void {
  if (at === 'before') return void response.socket?.resetAndDestroy();
  response.writeHead(200, { 'content-length': body.length });
  response.write(half, () => response.socket?.destroy());
}

function drip(response: ServerResponse, body: Buffer, everyMs: number): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  let at = 0;
  const timer = setInterval(
    () => response.write(body.subarray(at % body.length, (at++ % body.length) + 1)),
    everyMs,
  );
  response.on('close', () => clearInterval(timer));
}

function huge(response: ServerResponse, bytes: number, coding: Coding | undefined): void {
  const blanks = Buffer.alloc(bytes, ' ');
  if (coding === undefined) return void response.writeHead(200).end(blanks);
  response.writeHead(200, { 'content-encoding': coding }).end(compressed(blanks, coding));
}
