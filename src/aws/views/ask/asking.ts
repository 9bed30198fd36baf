import type { Answer } from '../answer.ts';
import type { Question, QuestionName } from '../question.ts';
import type { Reads } from '../reads.ts';

/** What every question is answered from. */
export interface Desk {
  readonly reads: Reads;
  /** Of the principal: for what of an account has no region. */
  readonly region: string;
  /** Unix ms. */
  readonly now: number;
}

/** Several questions can be one type. */
export type Asked<Name extends QuestionName, Q = Question> = Q extends { readonly name: infer Own }
  ? Name extends Own
    ? Q
    : never
  : never;

/** Reads what a question needs and makes the document of it. */
export type Ask<Name extends QuestionName> = (desk: Desk, question: Asked<Name>) => Promise<Answer>;
