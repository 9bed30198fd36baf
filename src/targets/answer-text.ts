import { oneLine } from '../kernel/one-line.ts';

const ANSWER_MAX = 500;
/** What is shorter is no secret, and hiding it would hide half the text. */
const SECRET_LENGTH_MIN = 4;
/** Of a part of a URL that may be a token by itself. Shorter ones are words, and needed to understand the answer. */
const QUERY_TOKEN_MIN = 8;
const PATH_TOKEN_MIN = 16;

/** Makes what a receiver said fit to be kept and shown. */
export type AnswerText = (text: string) => string;

/**
 * Trims answers to one line of 500 characters and takes the target's secrets out of them: a receiver may well
 * quote the request it got, path and headers included.
 */
export function answerText(secrets: readonly string[]): AnswerText {
  const hide = hideSecrets(secrets);
  return (text) => oneLine(hide(text), ANSWER_MAX);
}

/** Puts `[secret]` for each of the secrets, however it is spelled. */
export function hideSecrets(secrets: readonly string[]): (text: string) => string {
  const hidden = [...new Set(secrets.flatMap(spellings))]
    .filter((spelling) => spelling.length >= SECRET_LENGTH_MIN)
    .toSorted((a, b) => b.length - a.length);
  return (text) => {
    let safe = text;
    for (const spelling of hidden) safe = safe.replaceAll(spelling, '[secret]');
    return safe;
  };
}

/** The parts of a URL that a receiver might quote and that might be secret: all but the host. */
export function urlSecrets(text: string): readonly string[] {
  if (!URL.canParse(text)) return [text];
  const url = new URL(text);
  const whole = [text, url.href, url.pathname + url.search, url.pathname, url.search];
  const values = [...url.searchParams.values()].filter(({ length }) => length >= QUERY_TOKEN_MIN);
  const names = url.pathname.split('/').filter(({ length }) => length >= PATH_TOKEN_MIN);
  return [...whole, ...values, ...names].filter((part) => part.length > 1);
}

function spellings(secret: string): readonly string[] {
  const inForm = new URLSearchParams([['', secret]]).toString().slice(1);
  return [secret, inForm, JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString('base64')];
}
