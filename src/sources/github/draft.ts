import type { EventDraft, Observable, Subject } from '../../events/event.ts';
import { endpoint, endpointsOf } from '../endpoints.ts';
import { firstText, objectOf, textOf } from '../fields.ts';
import { identityOf, makeDraft } from '../make-draft.ts';
import type { Delivery } from './delivery.ts';
import { matterOf, occurredAtOf, stateOf } from './matter.ts';
import { severityOf } from './severity.ts';
import { labelsOf, linkOf, titleOf } from './words.ts';

/** What Tocsin makes of one GitHub webhook. Any object is one: no field is required, none is trusted. */
export function draftOf(
  sourceId: string,
  delivery: Delivery,
  text: string,
  messageId: string | undefined,
): EventDraft {
  return makeDraft(sourceId, {
    type: ['github', delivery.event, delivery.action].filter((part) => part !== undefined).join('.'),
    severity: severityOf(delivery),
    titles: [titleOf(delivery)],
    occurredAt: occurredAtOf(delivery),
    subject: subjectOf(delivery),
    labels: labelsOf(delivery),
    observables: observablesOf(delivery),
    endpoints: endpointsIn(delivery),
    link: linkOf(delivery),
    // X-GitHub-Delivery is not signed; GitHub sends the same bytes again when it delivers again.
    identity: identityOf(messageId, text),
    // An alert that is dismissed and reopened by hand, twice: in some versions equal texts, and each is news.
    ...(messageId === undefined ? { recurs: true as const } : {}),
    matter: matterOf(delivery),
    state: stateOf(delivery),
    payload: text,
  });
}

/** The repository, else the organization; an advisory to all the world is its own subject. */
function subjectOf({ family, about, body, repository }: Delivery): Subject | undefined {
  const repo = textOf(repository['full_name']);
  if (repo !== undefined) return { kind: 'repository', id: repo };
  const advisory = family === 'security_advisory' ? textOf(about['ghsa_id']) : undefined;
  if (advisory !== undefined) return { kind: 'advisory', id: advisory };
  const organization = firstText(
    objectOf(body['organization'])['login'],
    objectOf(body['enterprise'])['slug'],
  );
  return organization === undefined ? undefined : { kind: 'organization', id: organization };
}

/** Who did it, and who went around push protection. */
function observablesOf({ about, body }: Delivery): readonly Observable[] {
  const users = [body['sender'], about['push_protection_bypassed_by']].map((one) => objectOf(one)['login']);
  return users.flatMap((user) => {
    const value = textOf(user);
    return value === undefined ? [] : [{ kind: 'user' as const, value }];
  });
}

/** As the audit log writes it; webhooks of repositories tell of nobody where they are. */
const endpointsIn = ({ body }: Delivery) =>
  endpointsOf(endpoint(body['actor_ip'], objectOf(body['actor_location'])['country_code']));
