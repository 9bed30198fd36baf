import { flagAttribute } from '../config/pick-setting.ts';
import { DURATION_PATTERN, durationMs } from '../kernel/duration.ts';
import { failed, type Result, succeeded } from './result.ts';

/** One option of a command. There is none for a secret: a command line is no secret. */
export interface Option<Value = unknown> {
  /** As the command line's parser is told: `--since <time>`, `--json`. */
  readonly flags: string;
  readonly description: string;
  /** Of a closed list: what there is to choose from. */
  readonly values?: readonly string[];
  /** The value of what was typed; the fault ends "--since must be …". */
  readonly read: (typed: unknown) => Result<Value>;
}

/** `--since` of `--since <time>`. */
export const optionName = ({ flags }: Option): string => flags.split(' ')[0] ?? flags;

/** The name under which the parsed command line holds it: `dryRun` for `--dry-run`. */
export const optionAttribute = (option: Option): string => flagAttribute(optionName(option).slice(2));

/** On when it is there. */
export const switchOption = (flags: string, description: string): Option<boolean> => ({
  flags,
  description,
  read: (typed) => succeeded(typed === true),
});

export const textOption = (flags: string, description: string): Option<string> => ({
  flags,
  description,
  read: (typed) => (typeof typed === 'string' && typed !== '' ? succeeded(typed) : failed('a text')),
});

/** One out of a closed list. */
export const choiceOption = <const Value extends string>(
  flags: string,
  description: string,
  values: readonly Value[],
): Option<Value> => ({
  flags,
  description: `${description}: ${values.join(', ')}.`,
  values,
  read(typed) {
    const value = values.find((one) => one === typed);
    return value === undefined ? failed(`one of ${values.join(', ')}`) : succeeded(value);
  },
});

/** A whole number between two others. */
export const wholeOption = (
  flags: string,
  description: string,
  { minimum, maximum }: { readonly minimum: number; readonly maximum: number },
): Option<number> => ({
  flags,
  description,
  read(typed) {
    const value = typeof typed === 'string' && /^\d{1,9}$/.test(typed) ? Number(typed) : NaN;
    const fits = value >= minimum && value <= maximum;
    return fits ? succeeded(value) : failed(`a whole number from ${minimum} to ${maximum}`);
  },
});

/** Names between commas; an empty text is an empty list. */
export const namesOption = (flags: string, description: string): Option<readonly string[]> => ({
  flags,
  description,
  read(typed) {
    if (typeof typed !== 'string') return failed('names between commas');
    const names = typed.split(',').map((name) => name.trim());
    return succeeded([...new Set(names.filter((name) => name !== ''))]);
  },
});

/** A duration as the API takes it; `examples` is for whoever typed something else: `30m or 2h`. */
export const durationOption = (flags: string, description: string, examples: string): Option<string> => ({
  flags,
  description,
  read: (typed) =>
    typeof typed === 'string' && new RegExp(DURATION_PATTERN).test(typed)
      ? succeeded(typed)
      : failed(`a duration such as ${examples}`),
});

/** A moment, from the time that it is now: Unix ms. */
export type Moment = (now: number) => number;

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** `1h` for an hour ago, or RFC 3339. */
export const momentOption = (flags: string, description: string): Option<Moment> => ({
  flags,
  description,
  read(typed) {
    if (typeof typed === 'string' && new RegExp(DURATION_PATTERN).test(typed)) {
      return succeeded((now) => now - durationMs(typed));
    }
    const ms = typeof typed === 'string' && RFC3339.test(typed) ? Date.parse(typed) : NaN;
    return Number.isNaN(ms)
      ? failed('how long ago (30s, 15m, 24h, 7d) or a time such as 2026-01-31T12:00:00Z')
      : succeeded(() => ms);
  },
});

/** A moment that may be to come, in RFC 3339 alone: Unix ms. */
export const timeOption = (flags: string, description: string): Option<number> => ({
  flags,
  description,
  read(typed) {
    const ms = typeof typed === 'string' && RFC3339.test(typed) ? Date.parse(typed) : NaN;
    return Number.isNaN(ms) ? failed('a time such as 2026-01-31T12:00:00Z') : succeeded(ms);
  },
});

/** A moment as the API takes it. */
export const timeText = (moment: Moment | undefined, now: number): string | undefined =>
  moment === undefined ? undefined : new Date(Math.max(0, moment(now))).toISOString();

export const jsonOption = switchOption('--json', 'The answer as JSON, for programs.');
