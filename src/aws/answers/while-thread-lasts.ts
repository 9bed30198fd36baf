import { Problem } from '../../kernel/problem.ts';
import { ThreadEnded } from '../../kernel/work-thread.ts';

const RETRY_SECONDS = 2;

/** What a thread came to; a Problem when it ended before. */
export async function whileThreadLasts<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ThreadEnded)) throw error;
    throw new Problem('aws_failed', 'The work was broken off. Ask again.', {
      retryAfterSeconds: RETRY_SECONDS,
    });
  }
}
