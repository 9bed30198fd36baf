import { Type } from 'typebox';
import { auditWrite } from '../../access/audit.ts';
import type { Clock } from '../../kernel/clock.ts';
import { pageQuery, toPage } from '../../kernel/paging.ts';
import { Problem } from '../../kernel/problem.ts';
import { defineRoute, operator, Reply, type Route, type RouteInput } from '../../kernel/route.ts';
import { oneOf } from '../../kernel/schema.ts';
import type { ScanReport, ScanStore } from '../findings/port.ts';
import { SCAN_ID_PATTERN, type ScanId, scanStates } from '../findings/scan.ts';
import type { ConfiguredAccount } from '../scan/accounts.ts';
import type { Scans, SessionScan } from '../scan/scans.ts';
import { REGION_PATTERN } from '../settings.ts';
import { ProgressPlaces } from './progress-places.ts';
import { scanProgress } from './scan-progress.ts';
import { scanPageWire, scanReportWire, scanWire, toScanReportWire, toScanWire } from './scans-wire.ts';

export interface ScanRoutesOptions {
  readonly scans: Pick<Scans, 'accounts' | 'request' | 'requestFor'>;
  readonly store: Pick<ScanStore, 'get' | 'list' | 'cancel'>;
  /** The AWS session that a request brings beside its operator; undefined: none. */
  readonly sessionOf: (
    input: Pick<RouteInput<never, never, never>, 'headers' | 'secure'>,
  ) => Promise<SessionScan | undefined>;
  /** Whether those who were let in with these headers still would be. */
  readonly stillMay: (headers: RouteInput<never, never, never>['headers']) => Promise<boolean>;
  readonly clock: Clock;
}

const read = { access: { kind: 'operator', scope: 'read' }, tag: 'AWS' } as const;
const operate = { access: { kind: 'operator', scope: 'operate' }, tag: 'AWS' } as const;
const idParams = Type.Object({ id: Type.String({ pattern: SCAN_ID_PATTERN }) });
const MISSING = 'There is no such scan.';

/** Scans: asked for, watched, cancelled. */
export const scanRoutes = (options: ScanRoutesOptions): Route[] => [
  listRoute(options),
  requestRoute(options),
  oneRoute(options),
  cancelRoute(options),
  progressRoute(options),
];

const listRoute = ({ store }: ScanRoutesOptions): Route =>
  defineRoute({
    ...read,
    method: 'GET',
    path: '/api/v1/scans',
    summary: 'Scans of AWS accounts, the newest first',
    query: Type.Object({
      ...pageQuery(SCAN_ID_PATTERN),
      account: Type.Optional(Type.String({ maxLength: 64, description: "The account's id in the config." })),
      accountId: Type.Optional(Type.String({ pattern: '^[0-9]{12}$' })),
      state: Type.Optional(oneOf(scanStates)),
    }),
    reply: { status: 200, schema: scanPageWire },
    problems: ['store_unavailable'],
    async handle({ query: { limit, cursor, ...filter } }) {
      return toPage(await store.list(filter, limit + 1, cursor as ScanId | undefined), limit, toScanWire);
    },
  });

const requestRoute = ({ scans, store, sessionOf }: ScanRoutesOptions): Route =>
  defineRoute({
    ...operate,
    method: 'POST',
    path: '/api/v1/scans',
    summary: 'Scan an account now: a configured one, or the one that the caller is logged in to as well',
    body: Type.Object(
      {
        account: Type.Optional(
          Type.String({
            maxLength: 64,
            description:
              "The account's id in the config. Absent: the AWS session's, or else the only one that is configured.",
          }),
        ),
        regions: Type.Optional(
          Type.Array(Type.String({ pattern: REGION_PATTERN }), {
            minItems: 1,
            maxItems: 50,
            description: 'Absent: what the config says, or else all that are enabled.',
          }),
        ),
      },
      { additionalProperties: false },
    ),
    reply: { status: 202, schema: scanWire },
    problems: ['not_found', 'conflict', 'store_unavailable'],
    async handle({ body: { account, regions }, actor, headers, secure }) {
      const by = operator(actor).id;
      const session = account === undefined ? await sessionOf({ headers, secure }) : undefined;
      const id =
        session === undefined
          ? await scans.request(namedAccount(scans.accounts, account), by, regions)
          : await scans.requestFor(session, by, regions);
      if (id === undefined)
        throw new Problem('conflict', 'A scan of this account is under way or waiting: GET /api/v1/scans.');
      return new Reply(202, toScanWire(await mustGet(store, id)), { location: `/api/v1/scans/${id}` });
    },
  });

/** Without a name the only one. */
function namedAccount(accounts: readonly ConfiguredAccount[], name: string | undefined): ConfiguredAccount {
  const found =
    name === undefined && accounts.length === 1 ? accounts[0] : accounts.find(({ id }) => id === name);
  if (found !== undefined) return found;
  if (accounts.length === 0)
    throw new Problem(
      'not_found',
      'No AWS account is configured: name one under `accounts` in tocsin.yaml, set TOCSIN_AWS_SCAN=true, or log in at /api/v1/auth/login.',
    );
  throw new Problem(
    'not_found',
    `Name one of the configured accounts: ${accounts.map(({ id }) => id).join(', ')}.`,
  );
}

const oneRoute = ({ store }: ScanRoutesOptions): Route =>
  defineRoute({
    ...read,
    method: 'GET',
    path: '/api/v1/scans/{id}',
    summary: 'One scan, with its coverage, its figures and what each check said',
    params: idParams,
    missing: MISSING,
    reply: { status: 200, schema: scanReportWire },
    problems: ['not_found', 'store_unavailable'],
    async handle({ params: { id } }) {
      return toScanReportWire(await mustGet(store, id as ScanId));
    },
  });

const cancelRoute = ({ store, clock }: ScanRoutesOptions): Route =>
  defineRoute({
    ...operate,
    method: 'POST',
    path: '/api/v1/scans/{id}/cancel',
    summary: 'End a scan: what it has found so far stays, the rest is for the next one',
    params: idParams,
    missing: MISSING,
    reply: { status: 200, schema: scanReportWire },
    problems: ['not_found', 'conflict', 'store_unavailable'],
    async handle({ params: { id }, actor }) {
      const { id: by, name } = operator(actor);
      const scan = await mustGet(store, id as ScanId);
      const at = clock.now();
      const audit = auditWrite({ at, actor: by, action: 'scan.cancel', subject: scan.id });
      if (!(await store.cancel(scan.id, at, `Cancelled by ${name}.`, [audit])))
        throw new Problem('conflict', 'This scan is over already.');
      return toScanReportWire(await mustGet(store, scan.id));
    },
  });

function progressRoute({ store, stillMay, clock }: ScanRoutesOptions): Route {
  const places = new ProgressPlaces();
  return defineRoute({
    ...read,
    method: 'GET',
    path: '/api/v1/scans/{id}/progress',
    summary: 'How far a scan is, as server-sent events until it is over',
    params: idParams,
    missing: MISSING,
    reply: {
      status: 200,
      mediaType: 'text/event-stream',
      schema: Type.Unknown({
        description: 'Each message is the scan as in the list; the last one is named `over`.',
      }),
    },
    problems: ['not_found', 'store_unavailable'],
    cacheControl: 'no-store, no-transform',
    async handle({ params: { id }, actor, headers }) {
      const { id: actorId } = operator(actor);
      const scan = await mustGet(store, id as ScanId);
      places.mustHaveRoom(actorId);
      const body = scanProgress({
        first: scan,
        next: () => store.get(scan.id),
        stillMay: () => stillMay(headers),
        clock,
      });
      // Not buffered by nginx, not compressed by anybody.
      return new Reply(200, places.hold(actorId, body), { 'x-accel-buffering': 'no' });
    },
  });
}

async function mustGet(store: Pick<ScanStore, 'get'>, id: ScanId): Promise<ScanReport> {
  const scan = await store.get(id);
  if (scan === undefined) throw new Problem('not_found', MISSING);
  return scan;
}
