import type { Clock } from '../../kernel/clock.ts';
import { namesTag } from '../../kernel/entity-tag.ts';
import { Problem } from '../../kernel/problem.ts';
import { Reply, type RouteInput } from '../../kernel/route.ts';
import { toInstant } from '../../kernel/schema.ts';
import type { Asker } from '../session/asker.ts';
import type { Question } from '../views/question.ts';
import type { AnswerCache } from './answer-cache.ts';
import { type ReadyAnswer, readyAnswer } from './kept-answers.ts';
import { CHALLENGE, problemOf } from './problem-of.ts';
import { whileThreadLasts } from './while-thread-lasts.ts';

type Headers = RouteInput<never, never, never>['headers'];

/** What every answer says of keeping it: in the client's own cache alone, and asked again each time. */
export const ANSWER_CACHE_CONTROL = 'private, no-cache';

/** What is added to an answer's document where it is kept: members in front of its last brace. */
export type Addition = (asker: Asker) => Promise<Readonly<Record<string, unknown>>>;

export interface AskedAnswer {
  readonly asker: Asker;
  readonly question: Question;
  readonly headers: Headers;
  readonly addition?: Addition;
}

/** Answers a question for who asks: the bytes, word that the client has them, or a Problem. */
export async function answerReply(
  { answers, clock }: { readonly answers: AnswerCache; readonly clock: Clock },
  { asker, question, headers, addition }: AskedAnswer,
): Promise<Reply> {
  // Between the cookie and here somebody may have logged out: keys must not reach the thread after that.
  if (asker.isOver()) throw sessionOver();
  const { owner, principal } = asker;
  const isForced = wantsNew(headers['cache-control']?.toString());
  const outcome = await whileThreadLasts(answers.answer({ owner, principal, question, isForced }));
  switch (outcome.kind) {
    case 'answered':
      return replyWith(await withAddition(outcome.answer, asker, addition), clock.now(), headers);
    case 'failed':
      throw problemOf(outcome.failure, asker.kind);
    case 'refused':
      throw new Problem(outcome.status === 404 ? 'not_found' : 'bad_request', outcome.detail);
  }
}

const CLOSING_BRACE = 0x7d;

async function withAddition(answer: ReadyAnswer, asker: Asker, addition?: Addition): Promise<ReadyAnswer> {
  if (addition === undefined) return answer;
  const { body } = answer;
  if (body.at(-1) !== CLOSING_BRACE) throw new TypeError('an answer that is no document');
  const added = `,${JSON.stringify(await addition(asker)).slice(1)}`;
  return readyAnswer(Buffer.concat([body.subarray(0, -1), Buffer.from(added)]), answer.readAt);
}

function replyWith({ body, tag, readAt }: ReadyAnswer, now: number, headers: Headers): Reply {
  const about = {
    etag: tag,
    vary: 'cookie, authorization',
    // Never below 0: the machine's clock may have gone back since.
    age: String(Math.max(0, Math.floor((now - readAt) / 1_000))),
    'tocsin-read-at': toInstant(readAt),
  };
  const isKnown = namesTag(headers['if-none-match']?.toString(), tag);
  return isKnown ? new Reply(304, undefined, about) : new Reply(200, body, about);
}

/** RFC 9111, 5.2.1.4. */
const wantsNew = (cacheControl: string | undefined): boolean =>
  cacheControl !== undefined && /(?:^|,)\s*no-cache\s*(?:,|$)/i.test(cacheControl);

const sessionOver = (): Problem =>
  new Problem('unauthorized', 'The AWS session has just ended. Log in again.', { headers: CHALLENGE });
