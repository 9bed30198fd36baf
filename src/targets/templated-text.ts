import { Type } from 'typebox';
import type { Fault } from '../kernel/fault.ts';
import { oneLine } from '../kernel/one-line.ts';
import type { Job, TargetContext } from './target.ts';
import { type FillTemplate, openTemplate, templateFaults } from './template.ts';
import { type EventText, eventText, markedSubject } from './text.ts';

const TITLE_MAX = 300;
const BODY_MAX = 20_000;

/** What every kind that writes for people has among its settings. */
export const textSettings = {
  title: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 1_000,
      description:
        'The title, as a Liquid template such as {{ event.title }}. Absent: severity and title. The mark of an internal security alert stands before it in any case.',
    }),
  ),
  text: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 16_384,
      description:
        'What stands below the title, as a Liquid template. Absent: what is known of the event, a line for each fact. The links stay.',
    }),
  ),
};
interface TextSettings {
  readonly title?: string | undefined;
  readonly text?: string | undefined;
}

export function textFaults({ title, text }: TextSettings): readonly Fault[] {
  return [
    ...(title === undefined ? [] : templateFaults('title', title, 'text')),
    ...(text === undefined ? [] : templateFaults('text', text, 'text')),
  ];
}

/**
 * The one place where a delivery becomes text for people: our own words, or those of the operator's templates. A
 * template that fails on an event keeps nobody from being told: our own words stand in for it.
 */
export function textWriter(
  settings: TextSettings,
  { id, publicUrl, log }: Pick<TargetContext, 'id' | 'publicUrl' | 'log'>,
): (job: Job) => EventText {
  const { title, text } = settings;
  if (title === undefined && text === undefined) return ({ event }) => eventText(event, publicUrl);
  const open = (template: string | undefined): FillTemplate | undefined =>
    template === undefined ? undefined : openTemplate(template, 'text', publicUrl);
  const fill = { title: open(title), text: open(text) };
  return (job) => {
    const words = (name: keyof typeof fill): string | undefined => {
      const filled = fill[name]?.(job);
      if (filled?.ok !== false) return filled?.text;
      const about = { 'tocsin.target.id': id, 'event.id': job.event.id, reason: filled.message };
      log.warn(about, `the template \`${name}\` failed on an event: the usual words were sent`);
      return undefined;
    };
    return withWords(job, eventText(job.event, publicUrl), words('title'), words('text'));
  };
}

function withWords(
  { event }: Job,
  own: EventText,
  title: string | undefined,
  body: string | undefined,
): EventText {
  const line = title === undefined ? '' : oneLine(title, TITLE_MAX);
  const subject = line === '' ? own.subject : markedSubject(event, line);
  if (body === undefined) return { ...own, subject };
  return { ...own, subject, body: bodyOf(body), facts: [] };
}

/** The values are harmless lines already; the template's own line breaks stay. */
function bodyOf(text: string): string {
  const lines = text.slice(0, BODY_MAX).split(/\r?\n/);
  return lines
    .map((line) => oneLine(line, BODY_MAX))
    .join('\n')
    .trim();
}
