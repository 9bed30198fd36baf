import type { SourceKind } from '../source.ts';
import { alertmanager } from './alertmanager.ts';
import { aws } from './aws.ts';
import { cloudevents } from './cloudevents.ts';
import { falco } from './falco.ts';
import { github } from './github.ts';
import { grafana } from './grafana.ts';
import { json } from './json.ts';
import { ocsf } from './ocsf.ts';
import { sentry } from './sentry.ts';
import { wazuh } from './wazuh.ts';
import { sqreen } from './sqreen.ts';

/** All kinds of source. A new kind is one file beside this one, and its line here. */
export const sourceKinds = [
  sqreen,
  alertmanager,
  grafana,
  falco,
  wazuh,
  sentry,
  json,
  github,
  aws,
  cloudevents,
  ocsf,
] as const satisfies readonly SourceKind[];
