import { textLines, type EventText } from './text.ts';

export interface EmailBody {
  /** One line, at most 200 characters. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const SUBJECT_MAX = 200;

/** An event as a mail: the same words as plain text and as HTML, in which nothing from outside is markup. */
export function emailMessage(text: EventText, subjectPrefix: string): EmailBody {
  const subject = `${subjectPrefix} ${text.subject}`.trim();
  return {
    subject: subject.length > SUBJECT_MAX ? `${subject.slice(0, SUBJECT_MAX - 1)}…` : subject,
    text: `${textLines(text).join('\n')}\n`,
    html: html(text),
  };
}

function html({ subject, facts, links }: EventText): string {
  const rows = facts.map(
    ({ label, value }) =>
      `<tr><th align="left" valign="top">${escape(label)}</th><td>${escape(value)}</td></tr>`,
  );
  const anchors = links.map(({ label, url }) => `<p><a href="${escape(url)}">${escape(label)}</a></p>`);
  return [
    '<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>',
    `<h2>${escape(subject)}</h2>`,
    '<table cellpadding="4">',
    ...rows,
    '</table>',
    ...anchors,
    '</body></html>',
  ].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '');
}
