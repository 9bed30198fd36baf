import { errorText, type Logger } from '../kernel/log.ts';
import { Problem } from '../kernel/problem.ts';
import { StoreUnavailable } from '../storage/store.ts';

const STORE_RETRY_SECONDS = 5;

/** Fastify's own refusals, by its error codes, in our words. */
const frameworkProblems: Readonly<Record<string, () => Problem>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () =>
    new Problem('body_too_large', 'The body is larger than this route takes.'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    new Problem('bad_request', 'The body is not as long as its Content-Length says.'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => new Problem('media_type_unsupported', 'Send application/json.'),
  FST_ERR_BAD_URL: () => new Problem('bad_request', 'The path is not well formed.'),
  FST_ERR_ASYNC_CONSTRAINT: () => new Problem('bad_request', 'The request is not understood.'),
  FST_ERR_MAX_PARAM_LENGTH: () => new Problem('not_found', 'There is nothing here.'),
};

/**
 * What a thrown value answers. A Problem speaks for itself; of anything else the sender learns nothing, and
 * the log everything.
 */
export function toProblem(error: unknown, log: Logger): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof StoreUnavailable) {
    return new Problem('store_unavailable', 'Nothing was stored. Send it again.', {
      retryAfterSeconds: STORE_RETRY_SECONDS,
    });
  }
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const known = frameworkProblems[code];
  if (known !== undefined) return known();
  log.error(
    { reason: errorText(error), 'error.stack_trace': error instanceof Error ? error.stack : undefined },
    'unexpected fault',
  );
  return new Problem('internal', 'An unexpected fault. It is in the log of the service.');
}
