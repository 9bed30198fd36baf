import { brotliCompress, constants, gzip } from 'node:zlib';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { IncidentBook } from '../book/incident-book.ts';
import type { BookDocument } from '../book/port.ts';
import type { Desk } from './desk.ts';
import { openDesk } from './open-desk.ts';
import type { MadeDocument, Results, ThreadOptions, Work } from './protocol.ts';

/** Does the thread's work. Rejects only for bugs. */
export class Workshop {
  readonly #book: IncidentBook;
  readonly #desks: ReadonlyMap<string, Desk>;
  readonly #closing = new AbortController();

  constructor({ feeds, reports }: ThreadOptions) {
    this.#book = new IncidentBook(feeds);
    const reportOf = new Map(reports.map((report) => [report.id, report]));
    this.#desks = new Map(
      feeds.map((feed) => [feed.id, openDesk(feed, this.#book, reportOf.get(feed.id), this.#closing.signal)]),
    );
  }

  async run<W extends Work>(work: W): Promise<Results[W['kind']]>;
  async run(work: Work): Promise<Results[Work['kind']]> {
    const book = this.#book;
    switch (work.kind) {
      case 'load':
        return book.load(work.feed, work.incidents, work.identities) as undefined;
      case 'adopt':
        return book.adopt(work.feed, work.incidents, work.gone, work.identities) as undefined;
      case 'resume':
        return this.#desk(work.feed).resume(work.report) as undefined;
      case 'refresh':
        return this.#desk(work.feed).refresh(work.now);
      case 'push':
        return this.#desk(work.feed).push(work.body, work.now);
      case 'drop':
        return book.drop(work.feed, work.incidents) as undefined;
      case 'changes':
        return book.changes(work.feed, work.limit);
      case 'stored':
        return book.stored(work.feed, work.mark) as undefined;
      case 'document':
        return book.isChanged ? make(book.document()) : undefined;
      case 'report':
        return this.#desk(work.feed).report();
      case 'close':
        return this.#close();
    }
  }

  #desk(feed: string): Desk {
    const desk = this.#desks.get(feed);
    if (desk === undefined) throw new TypeError(`no feed ${feed}`);
    return desk;
  }

  async #close(): Promise<undefined> {
    this.#closing.abort();
    await Promise.all([...this.#desks.values()].map((desk) => desk.close()));
  }
}

const compressed = { brotli: promisify(brotliCompress), gzip: promisify(gzip) };
/** Made once and sent many times, but within seconds also for tens of megabytes. */
const SMALL_BYTES = 4_194_304;

async function make({ pieces, unresolved, incidents }: BookDocument): Promise<MadeDocument> {
  const plain = Buffer.concat(pieces);
  const isSmall = plain.length <= SMALL_BYTES;
  const [brotli, gzipped] = await Promise.all([
    compressed.brotli(plain, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: isSmall ? 6 : 4,
        [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
      },
    }),
    compressed.gzip(plain, { level: isSmall ? 6 : 4 }),
  ]);
  return {
    plain: ownBytes(plain),
    gzip: ownBytes(gzipped),
    brotli: ownBytes(brotli),
    hash: createHash('sha256').update(plain).digest('base64url'),
    unresolved,
    incidents,
  };
}

/** What of an answer is handed over rather than copied. */
export function transferOf(result: Results[Work['kind']]): readonly ArrayBuffer[] {
  if (result === undefined || !('plain' in result)) return [];
  return [result.plain, result.gzip, result.brotli].map(({ buffer }) => buffer);
}

/** In a buffer of its own, so that it can be handed over without a copy: Node's small buffers share one. */
const ownBytes = (buffer: Buffer): Uint8Array<ArrayBuffer> =>
  buffer.byteLength === buffer.buffer.byteLength && buffer.buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer.buffer)
    : new Uint8Array(buffer);
