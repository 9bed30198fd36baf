import { escapeHtml } from './escape.ts';
import { fit } from './fit.ts';
import type { Fitted } from './long-text.ts';
import { CUT_MARK, type EventText, type Fact, textLines } from './text.ts';

export interface EmailBody {
  /** One line, at most 200 characters. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const SUBJECT_MAX = 200;
/** The least that `charsMax` may be: the subject, the longest links and a few lines. */
export const EMAIL_CHARS_MIN = 6_000;

/**
 * An event as a mail: the same words as plain text and as HTML, in which nothing from outside is markup. The plain text
 * has at most `charsMax` characters (UTF-16 units, at least EMAIL_CHARS_MIN); subject and links stand whole.
 */
export function emailMessage(text: EventText, subjectPrefix: string, charsMax: number): Fitted<EmailBody> {
  const subject = `${subjectPrefix} ${text.subject}`.trim();
  const { shown, isCut } = withinChars(text, charsMax);
  return {
    isCut,
    message: {
      subject: subject.length > SUBJECT_MAX ? `${subject.slice(0, SUBJECT_MAX - 1)}…` : subject,
      text: plain(shown),
      html: html(shown),
    },
  };
}

const plain = (text: EventText): string => `${textLines(text).join('\n')}\n`;

function withinChars(text: EventText, charsMax: number): { shown: EventText; isCut: boolean } {
  if (plain(text).length <= charsMax) return { shown: text, isCut: false };
  const { body } = text;
  if (body !== undefined) {
    const room = charsMax - plain({ ...text, body: '' }).length;
    return { shown: { ...text, body: fit(body, room, undefined, undefined, CUT_MARK) }, isCut: true };
  }
  const facts: Fact[] = [];
  let room = charsMax - plain({ ...text, facts: [CUT_FACTS] }).length;
  for (const one of text.facts) {
    room -= `${one.label}: ${one.value}\n`.length;
    if (room < 0) break;
    facts.push(one);
  }
  return { shown: { ...text, facts: [...facts, CUT_FACTS] }, isCut: true };
}

/** Stands for the facts that had no room. */
const CUT_FACTS: Fact = { label: 'More', value: CUT_MARK };

function html({ subject, body, facts, links }: EventText): string {
  const rows = facts.map(
    ({ label, value }) =>
      `<tr><th align="left" valign="top">${escapeHtml(label)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  const anchors = links.map(
    ({ label, url }) => `<p><a href="${escapeHtml(url)}">${escapeHtml(label)}</a></p>`,
  );
  return [
    '<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>',
    `<h2>${escapeHtml(subject)}</h2>`,
    ...(body === undefined ? [] : [`<p style="white-space: pre-wrap">${escapeHtml(body)}</p>`]),
    ...(rows.length === 0 ? [] : ['<table cellpadding="4">', ...rows, '</table>']),
    ...anchors,
    '</body></html>',
  ].join('\n');
}
