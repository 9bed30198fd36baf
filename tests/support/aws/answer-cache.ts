import type { Account } from './account.ts';
import type { Caller, Operation } from './operation.ts';
import type { Parameters } from './parameters.ts';
import type { Answer } from './wire/answer.ts';
import type { Protocol } from './wire/request.ts';

/**
 * Answers as bytes, for as long as the account is what it was: a page of a thousand volumes is written once, so that the
 * server is not what is measured.
 */
export class AnswerCache {
  readonly #answers = new WeakMap<Account, Map<string, Answer>>();

  answer(
    { account, regionName }: Caller,
    protocol: Protocol,
    operation: Operation,
    parameters: Parameters,
    make: () => Answer,
  ): Answer {
    if (!operation.isKept) return make();
    const known = this.#answers.get(account) ?? new Map<string, Answer>();
    this.#answers.set(account, known);
    const name = JSON.stringify([operation.service, operation.name, protocol, regionName, parameters.all]);
    const answer = known.get(name) ?? make();
    known.set(name, answer);
    return answer;
  }
}
