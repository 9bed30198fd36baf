import { Type } from 'typebox';
import type { Fault } from '../kernel/fault.ts';
import { oneLine } from '../kernel/one-line.ts';
import { fit } from './fit.ts';
import type { Job, TargetContext } from './target.ts';
import { type FillTemplate, openTemplate, templateFaults } from './template.ts';
import { CUT_MARK, type EventText, eventText, markedSubject, shownBounds, type TextBounds } from './text.ts';

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
export interface TextSettings {
  readonly title?: string | undefined;
  readonly text?: string | undefined;
}

export function textFaults({ title, text }: TextSettings): readonly Fault[] {
  return [
    ...(title === undefined ? [] : templateFaults('title', title, 'text')),
    ...(text === undefined ? [] : templateFaults('text', text, 'text')),
  ];
}

type WriterContext = Pick<TargetContext, 'id' | 'publicUrl' | 'log'>;

/**
 * The one place where a delivery becomes text for people: our own words, or those of the operator's templates. A
 * template that fails on an event keeps nobody from being told: our own words stand in for it.
 */
export function textWriter(settings: TextSettings, context: WriterContext): (job: Job) => EventText {
  const write = boundedTextWriter(settings, context);
  return (job) => write(job)(shownBounds);
}

/** The same within any bounds, as often as asked: the templates are filled once. */
export function boundedTextWriter(
  settings: TextSettings,
  { id, publicUrl, log }: WriterContext,
): (job: Job) => (bounds: TextBounds) => EventText {
  const { title, text } = settings;
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
    const own = { title: words('title'), body: words('text') };
    return (bounds) => withWords(job, eventText(job.event, publicUrl, bounds), own, bounds);
  };
}

interface OwnWords {
  readonly title: string | undefined;
  readonly body: string | undefined;
}

function withWords(
  { event }: Job,
  usual: EventText,
  { title, body }: OwnWords,
  { subjectMax, bodyMax }: TextBounds,
): EventText {
  const line = title === undefined ? '' : oneLine(title, subjectMax);
  const subject = line === '' ? usual.subject : markedSubject(event, line, subjectMax);
  if (body === undefined) return { ...usual, subject };
  return { ...usual, subject, body: bodyOf(body, bodyMax), facts: [] };
}

/** The values are harmless lines already; the template's own line breaks stay. */
function bodyOf(text: string, lengthMax: number): string {
  const lines = fit(text, lengthMax, undefined, undefined, CUT_MARK).split(/\r?\n/);
  return lines
    .map((line) => oneLine(line, lengthMax))
    .join('\n')
    .trim();
}
