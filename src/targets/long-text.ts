import { oneOf } from '../kernel/schema.ts';
import { hideSecrets } from './answer-text.ts';
import { fit } from './fit.ts';
import { type AskLink, linkAsker } from './link-asker.ts';
import type { Job, TargetContext } from './target.ts';
import { boundedTextWriter, type TextSettings } from './templated-text.ts';
import { CUT_MARK, type EventText, type Link, shownBounds, textLines, wholeBounds } from './text.ts';

/** For kinds whose channel is too small for a long text, and that can link to the whole of it. */
export const longTextSettings = {
  longText: oneOf(['cut', 'link'], {
    default: 'cut',
    description:
      'What becomes of a text that the channel has no room for: it is cut, with a mark; or cut, with a link to a message that holds all of it for 24 hours, for whoever has the link. Set http.publicUrl to where readers reach it.',
  }),
};

/** What goes out of a text, and whether something had to be left out of it. */
export interface Fitted<Message> {
  readonly message: Message;
  readonly isCut: boolean;
}

/** A delivery in the form that its channel takes. */
export interface Words<Message> {
  /** What is sent. Never rejects; may make the message that it links to. */
  write(job: Job, signal: AbortSignal): Promise<Message>;
  /** The same, with a link to nothing in place of the one that would be made. */
  preview(job: Job): Message;
}

export interface Channel<Message> {
  /** The text within the channel's limits, with the link to all of it, which is never cut, where there is one. */
  fit(text: EventText, whole: Link | undefined): Fitted<Message>;
  /** What the channel shows of a text where there is room, links aside. */
  shows(text: EventText): string;
  /** Characters of the operator's own words that it may have room for; 20,000 when absent. */
  readonly bodyMax?: number;
  /** What must not be in a message that is linked to, whatever the event quotes. */
  readonly secrets: readonly string[];
}

interface LongTextSettings extends TextSettings {
  readonly longText: 'cut' | 'link';
}

/** Under it a message of three bytes a character still goes into a store that takes 1 MiB. */
const WHOLE_MAX = 300_000;
/** As long as those that are made. */
const NO_MESSAGE = '00000000-0000-4000-8000-000000000000';

/** Writes deliveries for a channel; what has no room there goes by the setting `longText`. */
export function longTextWriter<Message>(
  settings: LongTextSettings,
  context: TargetContext,
  channel: Channel<Message>,
): Words<Message> {
  const textOf = boundedTextWriter(settings, context);
  const bounds = { ...shownBounds, bodyMax: channel.bodyMax ?? shownBounds.bodyMax };
  const hide = hideSecrets(channel.secrets);
  const ask: AskLink | undefined = settings.longText === 'link' ? linkAsker(context) : undefined;

  /** What goes out when nothing is linked to, and of what is too long, all of it. */
  const draft = (job: Job) => {
    const within = textOf(job);
    const shown = within(bounds);
    const { message, isCut } = channel.fit(shown, undefined);
    if (ask === undefined) return { shown, message, whole: undefined };
    const whole = within(wholeBounds);
    const isLong = isCut || channel.shows(shown) !== channel.shows(whole);
    return { shown, message, whole: isLong ? whole : undefined };
  };
  const linked = (shown: EventText, url: string): Message =>
    channel.fit(shown, { label: 'The whole text', url }).message;

  return {
    async write(job, signal) {
      const { shown, message, whole } = draft(job);
      if (whole === undefined) return message;
      const text = fit(hide(textLines(whole).join('\n')), WHOLE_MAX, undefined, undefined, CUT_MARK);
      const url = await ask?.(job.deliveryId, text, signal);
      return url === undefined ? message : linked(shown, url);
    },
    preview(job) {
      const { shown, message, whole } = draft(job);
      return whole === undefined ? message : linked(shown, `${context.publicUrl}/m/${NO_MESSAGE}`);
    },
  };
}

/** The text with that link as the first of its links. */
export const withLink = (text: EventText, link: Link | undefined): EventText =>
  link === undefined ? text : { ...text, links: [link, ...text.links] };
