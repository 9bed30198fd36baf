import { escapeHtml } from './escape.ts';
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
