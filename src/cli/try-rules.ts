import { isJsonObject, parseUntrusted } from '../kernel/json.ts';
import { newEventId } from '../kernel/ids.ts';
import { sha256Hex } from '../kernel/secret.ts';
import type { EventDraft, TocsinEvent } from '../events/event.ts';
import type { Locate } from '../events/geo.ts';
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
  readonly body: Buffer;
  /** The source that the body is for; undefined: an event, or Sqreen's by the fields it has. */
  readonly source: string | undefined;
  /** Of the sender's request, by names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly objects: ConfiguredObjects;
  readonly now: number;
  readonly locate: Locate;
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
  if (input.source !== undefined) return notified(input, input.source);
  const parsed = parseUntrusted(input.body.toString('utf8'));
  if (!parsed.ok) return failed(`It is not JSON.\n${SOURCE_HINT}`);
  if (isNotification(parsed.value)) return notified(input, DEFAULT_SOURCE);
  const event = readEventFile(parsed.value);
  if (!isFaults(event)) return succeeded([event]);
  const lines = event.map(({ path, message }) => printable(`  ${path === '' ? 'event' : path}: ${message}`));
  return failed(['It is no event:', ...lines, SOURCE_HINT].join('\n'));
}

const SOURCE_HINT = 'With --source it is read as what the sender of that source sends.';

/** As Sqreen sends them: an array, or one out of it, known by the field that names its kind in either version. */
function isNotification(value: unknown): boolean {
  if (Array.isArray(value)) return true;
  return isJsonObject(value) && ('message_type' in value || 'sqreen_payload_type' in value);
}

type Read = ReturnType<typeof readEventFile>;
const isFaults = (read: Read): read is Extract<Read, readonly unknown[]> => Array.isArray(read);

function notified(
  { body, headers, objects, now, locate }: TryInput,
  id: string,
): Result<readonly TocsinEvent[]> {
  const source = openFormat(id, objects);
  if (!source.ok) return source;
  const { kind, format } = source.value;
  const parsed = format.parse({
    headers: { 'content-type': 'application/json', ...headers },
    body: kind === sqreen.kind ? inArray(body) : body,
    messageId: undefined,
  });
  if (parsed.kind === 'invalid') return failed(`It is no notification: ${parsed.detail}.`);
  if (parsed.drafts.length === 0) return failed('It is in the format of this source, and tells nothing.');
  return succeeded(parsed.drafts.map((draft) => eventOf(id, draft, now, locate)));
}

/** Sqreen sends arrays; one notification out of such an array will do here. */
function inArray(body: Buffer): Buffer {
  const text = body.toString('utf8');
  return text.trimStart().startsWith('[') ? body : Buffer.from(`[${text}]`);
}

interface OpenedFormat {
  readonly kind: string;
  readonly format: SourceFormat;
}

/** A source's format; `sqreen` also when the config has none. Nothing is verified: rules are tried where no key is. */
function openFormat(id: string, objects: ConfiguredObjects): Result<OpenedFormat> {
  const context = { id, ownApplication: objects.ownApplication };
  const configured = objects.sources.find((source) => source.id === id);
  if (configured === undefined) {
    if (id === DEFAULT_SOURCE) return succeeded({ kind: sqreen.kind, format: sqreen.open({}, context) });
    return failed(`The config has no source "${id}".`);
  }
  const kinds: readonly SourceKind[] = sourceKinds;
  const kind = kinds.find((one) => one.kind === configured.kind);
  if (kind === undefined) throw new TypeError(`no source kind ${configured.kind}`);
  const scheme = configured.verification.scheme ?? kind.scheme;
  const format = kind.open(configured.settings, { ...context, ...(scheme === undefined ? {} : { scheme }) });
  return succeeded({ kind: kind.kind, format });
}

/** As the service would make it now. */
function eventOf(source: string, draft: EventDraft, now: number, locate: Locate): TocsinEvent {
  const { dedupeKey: _, endpoints, ...record } = draft;
  return {
    ...record,
    id: newEventId(now),
    source,
    receivedAt: now,
    geo: endpoints && locate(endpoints),
    payloadSha256: sha256Hex(record.payload),
  };
}
