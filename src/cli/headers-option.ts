import type { Option } from './option.ts';
import { failed, succeeded } from './result.ts';

/** `Name: value` (RFC 9110, section 5), the value in visible ASCII and blanks: no line ends, nothing that no header can hold. */
const HEADER = /^([A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}): *([\x20-\x7e]*)$/;

/** Headers of a request, by their names in lower case. */
export type HeaderMap = Readonly<Record<string, string>>;

/** `--header 'X-GitHub-Event: push'`, as often as there are headers. */
export const headersOption = (flags: string, description: string): Option<HeaderMap> => ({
  flags,
  description,
  read(typed) {
    const lines: readonly unknown[] = Array.isArray(typed) ? typed : [typed];
    const pairs = lines.map((line) => (typeof line === 'string' ? HEADER.exec(line) : null));
    if (pairs.includes(null)) return failed("a header and its value: 'X-GitHub-Event: push'");
    return succeeded(
      Object.fromEntries(pairs.map((pair) => [pair?.[1]?.toLowerCase() ?? '', pair?.[2]?.trim() ?? ''])),
    );
  },
});
