/** What a command ends with, so that scripts can tell. */
export const exitCodes = {
  ok: 0,
  /** It could not be done: unreachable, refused, not found. */
  failed: 1,
  /** Called with words that make no command. */
  usage: 2,
  /** The config has faults; nothing was started or changed. */
  config: 3,
  /** What a pipeline asked to be failed for is there. */
  found: 4,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
