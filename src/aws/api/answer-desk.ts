import { Type } from 'typebox';
import type { Clock } from '../../kernel/clock.ts';
import { Problem } from '../../kernel/problem.ts';
import type { Reply, RouteInput } from '../../kernel/route.ts';
import { idText } from '../../kernel/schema.ts';
import type { AnswerCache } from '../answers/answer-cache.ts';
import { type Addition, ANSWER_CACHE_CONTROL, answerReply } from '../answers/answer-reply.ts';
import type { Asker, Askers } from '../session/asker.ts';
import { knownRegions } from '../session/regions.ts';
import { ALL_REGIONS, type Question } from '../views/question.ts';

export interface AnswerDeskOptions {
  readonly askers: Askers;
  readonly answers: AnswerCache;
  readonly clock: Clock;
}

type Request = Pick<RouteInput<never, never, never>, 'headers' | 'secure' | 'actor'>;

/** What every read takes beside its own parameters. */
export const accountQuery = {
  account: Type.Optional(
    idText('A configured account, for operators. Absent: the session, or the only one.'),
  ),
};

const regionText = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 64, description }));

export const regionQuery = { region: regionText('Absent: that of the session or account.') };
export const anywhereQuery = {
  region: regionText('Or `all`, which is every one that is enabled. Absent: that of the session or account.'),
};

/** What the rows of all reads share, and how their questions are answered. */
export class AnswerDesk {
  readonly #options: AnswerDeskOptions;

  constructor(options: AnswerDeskOptions) {
    this.#options = options;
  }

  /** Members of a row. */
  get shared() {
    const { askers } = this.#options;
    return {
      method: 'GET',
      access: { kind: 'aws' },
      tag: 'AWS',
      cacheControl: ANSWER_CACHE_CONTROL,
      problems: [
        'aws_refused',
        'aws_denied',
        'aws_no_account',
        'aws_unreachable',
        'aws_failed',
        'aws_throttled',
      ],
      admit: (request: Parameters<Askers['admit']>[0]) => askers.admit(request),
    } as const;
  }

  /** Of what may not be there. */
  get sharedOfOne() {
    const { shared } = this;
    return { ...shared, problems: [...shared.problems, 'not_found'] } as const;
  }

  get now(): number {
    return this.#options.clock.now();
  }

  /** `ask` makes the question, when it is known who asks. */
  async answer(
    request: Request,
    account: string | undefined,
    ask: (asker: Asker) => Question,
    addition?: Addition,
  ): Promise<Reply> {
    const asker = await this.#options.askers.of(request, account);
    const { headers } = request;
    const asked = { asker, question: ask(asker), headers, ...(addition === undefined ? {} : { addition }) };
    return answerReply(this.#options, asked);
  }
}

/** One region's name. Problem: bad_request. */
export function oneRegion(region: string | undefined, asker: Asker): string {
  if (region === undefined) return asker.region;
  if (knownRegions.has(region) || region === asker.region) return region;
  throw new Problem(
    'bad_request',
    region === ALL_REGIONS
      ? 'This is asked of one region: name it with "region".'
      : `"region" is none of the ${knownRegions.size} regions of AWS.`,
  );
}

/** One region's name, or all of them. Problem: bad_request. */
export const anyRegion = (region: string | undefined, asker: Asker): string =>
  region === ALL_REGIONS ? ALL_REGIONS : oneRegion(region, asker);
