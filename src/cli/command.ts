import type { Surroundings } from '../app/load.ts';

/** What a command may touch, handed in so that its test needs no process. */
export interface CommandContext {
  readonly env: Surroundings['env'];
  readonly cwd: string;
  /** The answer: read by people or, with `--json`, by programs. */
  readonly out: (text: string) => void;
  /** Everything else: hints, faults. */
  readonly err: (text: string) => void;
}
