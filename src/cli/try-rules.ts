import { isJsonObject, parseUntrusted } from '../kernel/json.ts';
import { newEventId } from '../kernel/ids.ts';
import { sha256Hex } from '../kernel/secret.ts';
import type { EventDraft, TocsinEvent } from '../events/event.ts';
import { withAdmins } from '../registry/destinations.ts';
import type { ConfiguredObjects } from '../registry/objects.ts';
import { compileRules } from '../rules/compile.ts';
import { readEventFile } from '../rules/event-file.ts';
import type { Decision, RuleExplanation } from '../rules/rule.ts';
import { sourceKinds } from '../sources/kinds/index.ts';
import { sqreen } from '../sources/kinds/sqreen.ts';
import type { SourceFormat, SourceKind } from '../sources/source.ts';
import { printable } from './printable.ts';
import { failed, type Result, succeeded } from './result.ts';

/** One event held against the rules. */
export interface TriedEvent {
  readonly event: TocsinEvent;
  readonly matched: Decision['matched'];
  /** Every target it would go to, the admins of an internal alert among them. */
  readonly targets: readonly string[];
  readonly rules: readonly RuleExplanation[];
}

export interface TryInput {
  readonly text: string;
  /** The source that the text is a notification of; undefined: by the fields it has. */
  readonly source: string | undefined;
  readonly objects: ConfiguredObjects;
  readonly now: number;
}

const DEFAULT_SOURCE = 'sqreen';

/** Holds what a file has, one event or one or more notifications, against the rules, with reasons. */
export function tryRules(input: TryInput): Result<readonly TriedEvent[]> {
  const events = eventsOf(input);
  if (!events.ok) return events;
  const { rules, defaultTargets, admins } = input.objects;
  const compiled = compileRules(rules, { defaultTargets });
  return succeeded(
    events.value.map((event) => {
      const { decision, rules } = compiled.explain(event);
      return { event, ...withAdmins(decision, event, admins), rules };
    }),
  );
}

function eventsOf(input: TryInput): Result<readonly TocsinEvent[]> {
  const parsed = parseUntrusted(input.text);
  if (!parsed.ok) return failed('It is not JSON.');
  const isRecord = input.source === undefined && !isNotification(parsed.value);
  if (!isRecord) return notified(input, Array.isArray(parsed.value) ? input.text : `[${input.text}]`);
  const event = readEventFile(parsed.value);
  if (!isFaults(event)) return succeeded([event]);
  const lines = event.map(({ path, message }) => printable(`  ${path === '' ? 'event' : path}: ${message}`));
  return failed(['It is no event:', ...lines].join('\n'));
}

/** As Sqreen sends them: an array, or one out of it, known by the field that names its kind in either version. */
function isNotification(value: unknown): boolean {
  if (Array.isArray(value)) return true;
  return isJsonObject(value) && ('message_type' in value || 'sqreen_payload_type' in value);
}

type Read = ReturnType<typeof readEventFile>;
const isFaults = (read: Read): read is Extract<Read, readonly unknown[]> => Array.isArray(read);

function notified(
  { source: id = DEFAULT_SOURCE, objects, now }: TryInput,
  body: string,
): Result<readonly TocsinEvent[]> {
  const source = openFormat(id, objects);
  if (!source.ok) return source;
  const headers = { 'content-type': 'application/json' };
  const parsed = source.value.parse({ headers, body: Buffer.from(body), messageId: undefined });
  if (parsed.kind === 'invalid') return failed(`It is no notification: ${parsed.detail}.`);
  return succeeded(parsed.drafts.map((draft) => eventOf(id, draft, now)));
}

/** A source's format; `sqreen` also when the config has none. Nothing is verified: rules are tried where no key is. */
function openFormat(id: string, objects: ConfiguredObjects): Result<SourceFormat> {
  const context = { id, ownApplication: objects.ownApplication };
  const configured = objects.sources.find((source) => source.id === id);
  if (configured === undefined) {
    if (id === DEFAULT_SOURCE) return succeeded(sqreen.open({}, context));
    return failed(`The config has no source "${id}".`);
  }
  const kinds: readonly SourceKind[] = sourceKinds;
  const kind = kinds.find((one) => one.kind === configured.kind);
  if (kind === undefined) throw new TypeError(`no source kind ${configured.kind}`);
  return succeeded(kind.open(configured.settings, context));
}

/** As the service would make it now. */
function eventOf(source: string, draft: EventDraft, now: number): TocsinEvent {
  const { dedupeKey: _, ...record } = draft;
  return {
    ...record,
    id: newEventId(now),
    source,
    receivedAt: now,
    payloadSha256: sha256Hex(record.payload),
  };
}
