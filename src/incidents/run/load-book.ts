import type { Feed } from '../feeds/feed.ts';
import type { IncidentId } from '../incident.ts';
import type { IncidentReader } from '../store/port.ts';
import type { IncidentThread } from '../thread/incident-thread.ts';

/** Rows at once: reading and handing on a page takes the main thread a few milliseconds. */
const PAGE = 500;

/** Reads into the thread's book what the store has of the feeds: who listed what last, and whose addresses were whose. */
export async function loadBook(
  reader: IncidentReader,
  feeds: readonly Feed[],
  thread: Pick<IncidentThread, 'call'>,
): Promise<void> {
  // Whose an address was must be known before anything is attributed.
  for (const { id } of feeds) await loadIdentities(reader, id, thread);
  for (const { id } of feeds) await loadListed(reader, id, thread);
}

async function loadIdentities(
  reader: IncidentReader,
  feed: string,
  thread: Pick<IncidentThread, 'call'>,
): Promise<void> {
  let after: string | undefined;
  for (;;) {
    const identities = await reader.identities(feed, after, PAGE);
    if (identities.length > 0) await thread.call({ kind: 'load', feed, incidents: [], identities });
    if (identities.length < PAGE) return;
    after = identities.at(-1)?.address;
  }
}

async function loadListed(
  reader: IncidentReader,
  feed: string,
  thread: Pick<IncidentThread, 'call'>,
): Promise<void> {
  let after: IncidentId | undefined;
  for (;;) {
    const incidents = await reader.listed(feed, after, PAGE);
    // Also when there are none: then that is known.
    await thread.call({ kind: 'load', feed, incidents, identities: [] });
    if (incidents.length < PAGE) return;
    after = incidents.at(-1)?.id;
  }
}
