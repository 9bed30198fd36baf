import type { FindingFilter, FindingPage, FindingReader, StoredFinding } from './port.ts';

/** How a list of findings is written down, whole. */
export interface ExportFormat {
  readonly mediaType: string;
  readonly fileName: string;
  /** Before the first finding. */
  readonly head: string;
  /** One finding, its line's end included. `now` in Unix ms: whether it is muted. */
  line(finding: StoredFinding, now: number): string;
}

export interface ExportOptions {
  readonly reader: Pick<FindingReader, 'find'>;
  readonly filter: FindingFilter;
  readonly format: ExportFormat;
  readonly now: number;
  /** Nobody would get what comes. */
  readonly isGone: () => boolean;
}

/** Findings a page: what of an export is in memory. */
const PAGE = 200;

/**
 * The text of all findings of a filter, a page at a time and none before it is asked for. Resolves with the first page
 * read: until then a store that is away is an ordinary refusal. Later it rejects in the middle.
 */
export async function openExport(options: ExportOptions): Promise<AsyncIterable<string>> {
  return textOf(options, await options.reader.find(options.filter, PAGE));
}

async function* textOf(
  { reader, filter, format, now, isGone }: ExportOptions,
  first: FindingPage,
): AsyncGenerator<string> {
  const linesOf = ({ items }: FindingPage): string =>
    items.map((finding) => format.line(finding, now)).join('');
  let page = first;
  yield format.head + linesOf(page);
  // A page may hold nothing at all: then only this looks whether anybody is still there.
  while (page.next !== undefined && !isGone()) {
    page = await reader.find(filter, PAGE, page.next);
    yield linesOf(page);
  }
}
