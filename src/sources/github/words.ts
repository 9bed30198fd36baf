import type { JsonObject } from '../../kernel/json.ts';
import { firstText, itemsOf, objectOf, textOf } from '../fields.ts';
import { webLink } from '../make-draft.ts';
import type { Delivery, Family } from './delivery.ts';

const KINDS: Readonly<Record<Family, string>> = {
  code_scanning_alert: 'Code scanning alert',
  secret_scanning_alert: 'Secret scanning alert',
  secret_scanning_alert_location: 'Secret scanning alert location',
  dependabot_alert: 'Dependabot alert',
  repository_vulnerability_alert: 'Vulnerability alert',
  security_advisory: 'Security advisory',
  repository_advisory: 'Repository advisory',
  branch_protection_rule: 'Branch protection rule',
  ping: 'Ping',
};

/** `Code scanning alert #10 fixed: Query built from user-controlled sources (octo/app)`. */
export function titleOf(delivery: Delivery): string {
  const { family, event, about, repository, body } = delivery;
  const kind = family === undefined ? `GitHub ${event}` : KINDS[family];
  const number = family === 'ping' ? undefined : textOf(about['number']);
  const action = textOf(body['action'])?.slice(0, 60).replaceAll('_', ' ');
  const what = summaryOf(delivery);
  const where = firstText(repository['full_name'], objectOf(body['organization'])['login']);
  const head = [kind, number === undefined ? undefined : `#${number.slice(0, 20)}`, action];
  return (
    head.filter((word) => word !== undefined).join(' ') +
    // Cut, so that where it is stays in the title.
    (what === undefined ? '' : `: ${what.slice(0, 160)}`) +
    (where === undefined ? '' : ` (${where.slice(0, 80)})`)
  );
}

function summaryOf({ family, about, body }: Delivery): string | undefined {
  const rule = objectOf(about['rule']);
  switch (family) {
    case 'code_scanning_alert':
      return firstText(rule['description'], rule['name'], rule['id']);
    case 'secret_scanning_alert':
    case 'secret_scanning_alert_location':
      // Never the secret itself, which older payloads hold.
      return firstText(about['secret_type_display_name'], about['secret_type']);
    case 'dependabot_alert':
      return firstText(objectOf(about['security_advisory'])['summary'], packageOf(about)['name']);
    case 'repository_vulnerability_alert':
      return firstText(about['affected_package_name'], about['external_identifier']);
    case 'security_advisory':
    case 'repository_advisory':
      return firstText(about['summary'], about['ghsa_id']);
    case 'branch_protection_rule':
      return firstText(about['name']);
    case 'ping':
      return firstText(body['zen']);
    default:
      return undefined;
  }
}

/** The package of a Dependabot alert. */
function packageOf(alert: JsonObject): JsonObject {
  return objectOf(
    objectOf(alert['dependency'])['package'] ?? objectOf(alert['security_vulnerability'])['package'],
  );
}

const flag = (value: unknown): string | undefined => (typeof value === 'boolean' ? String(value) : undefined);

/** What rules match on. */
export function labelsOf(delivery: Delivery): Readonly<Record<string, string | undefined>> {
  const { about, body, repository } = delivery;
  const rule = objectOf(about['rule']);
  const advisory = objectOf(about['security_advisory']);
  const location = objectOf(objectOf(about['most_recent_instance'])['location']);
  const affected = objectOf(objectOf(itemsOf(about['vulnerabilities'], 1)[0])['package']);
  const named = packageOf(about);
  return {
    action: delivery.action,
    organization: textOf(objectOf(body['organization'])['login']),
    visibility: firstText(repository['visibility'], repository['private'] === true ? 'private' : undefined),
    rule: delivery.family === 'branch_protection_rule' ? textOf(about['name']) : textOf(rule['id']),
    tool: textOf(objectOf(about['tool'])['name']),
    ref: textOf(body['ref']),
    path: firstText(location['path'], objectOf(about['dependency'])['manifest_path']),
    secret_type: textOf(about['secret_type']),
    validity: textOf(about['validity']),
    publicly_leaked: flag(about['publicly_leaked']),
    push_protection_bypassed: flag(about['push_protection_bypassed']),
    package: firstText(named['name'], about['affected_package_name'], affected['name']),
    ecosystem: firstText(named['ecosystem'], affected['ecosystem']),
    ghsa: firstText(advisory['ghsa_id'], about['ghsa_id']),
    cve: firstText(advisory['cve_id'], about['cve_id'], cveIn(about['external_identifier'])),
    reason: firstText(about['dismissed_reason'], about['dismiss_reason'], about['resolution']),
  };
}

const cveIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value.startsWith('CVE-') ? value : undefined;

/** Where an alert stands below its repository's page, for payloads without `html_url`. */
const PAGES: Readonly<Partial<Record<Family, string>>> = {
  code_scanning_alert: 'code-scanning',
  secret_scanning_alert: 'secret-scanning',
  secret_scanning_alert_location: 'secret-scanning',
  dependabot_alert: 'dependabot',
  repository_vulnerability_alert: 'dependabot',
};

/** GitHub's own page on it. */
export function linkOf({ family, about, body, repository }: Delivery): string | undefined {
  const own = textOf(about['html_url']);
  if (webLink(own) !== undefined) return own;
  const home = webLink(textOf(repository['html_url']));
  if (family === 'security_advisory') return advisoryLink(about['ghsa_id']);
  const page = family === undefined ? undefined : PAGES[family];
  const { number } = about;
  if (home !== undefined && page !== undefined && Number.isSafeInteger(number))
    return `${home}/security/${page}/${String(number)}`;
  const parts = ['comment', 'review', 'issue', 'pull_request', 'release', 'check_run', 'workflow_run'];
  const links = parts.map((name) => webLink(textOf(objectOf(body[name])['html_url'])));
  return links.find((link) => link !== undefined) ?? home;
}

function advisoryLink(id: unknown): string | undefined {
  const isId = typeof id === 'string' && /^GHSA(?:-[0-9a-z]{4}){3}$/.test(id);
  return isId ? `https://github.com/advisories/${id}` : undefined;
}
