import { setMaxListeners } from 'node:events';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import type { AwsEndpoints, Pace, Principal } from '../principal.ts';
import { BucketReader } from './bucket-parts.ts';
import { bucketStorage } from './bucket-storage.ts';
import { Caller } from './call.ts';
import { openClients } from './clients.ts';
import { Credentials, type CredentialProvider } from './credentials.ts';
import * as ebs from './ebs.ts';
import * as ecs from './ecs.ts';
import { Gate } from './gate.ts';
import { identity, regions } from './identity.ts';
import { ecsUtilisation, volumeMetrics } from './metrics.ts';
import * as network from './network.ts';
import type { AccountReader } from './port.ts';
import { Retries } from './retries.ts';
import { accountPublicAccessBlock, bucketNames } from './s3.ts';
import { taskDefinitions } from './task-definitions.ts';
import { Wire } from './wire.ts';

export interface ReaderOptions {
  readonly endpoints: AwsEndpoints;
  /** Calls in flight at once. */
  readonly callsAtOnce?: number;
  /** `careful` when absent. */
  readonly pace?: Pace;
  /** Ends all that is under way. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** Of one attempt of a call, its whole answer included. */
  readonly attemptTimeoutMs?: number;
}

const CALLS_AT_ONCE = 64;
const ATTEMPT_TIMEOUT_MS = 20_000;

/** Reads an account with the rights of a principal. Nothing is asked, and no library of AWS's loaded, before a read. */
export function openReader(principal: Principal, options: ReaderOptions): AccountReader {
  const { region } = principal;
  const line = openLine(principal, options);
  const { caller, clock } = line;
  return {
    tally: {
      get calls() {
        return line.wire.sent;
      },
      get throttled() {
        return line.gate.throttled;
      },
    },
    region,
    identity: () => identity(caller, region),
    regions: () => regions(caller, region),
    volumes: (region, ids) => ebs.volumes(caller, region, ids),
    volumeStatuses: (region) => ebs.volumeStatuses(caller, region),
    snapshots: (region) => ebs.snapshots(caller, region),
    publicSnapshotIds: (region) => ebs.publicSnapshotIds(caller, region),
    ebsEncryptionByDefault: (region) => ebs.ebsEncryptionByDefault(caller, region),
    snapshotSharing: (region) => ebs.snapshotSharing(caller, region),
    volumeMetrics: (region, volumeId, window) => volumeMetrics(caller, region, volumeId, window),
    vpcs: (region, ids) => network.vpcs(caller, region, ids),
    subnets: (region, vpcId) => network.subnets(caller, region, vpcId),
    securityGroups: (region, vpcId) => network.securityGroups(caller, region, vpcId),
    prefixLists: (region, ids) => network.prefixLists(caller, region, ids),
    networkAcls: (region, vpcId) => network.networkAcls(caller, region, vpcId),
    routeTables: (region, vpcId) => network.routeTables(caller, region, vpcId),
    flowLogs: (region) => network.flowLogs(caller, region),
    networkInterfaces: (region, vpcId) => network.networkInterfaces(caller, region, vpcId),
    clusters: (region, names) => ecs.clusters(caller, region, names),
    services: (region, clusterArn) => ecs.services(caller, region, clusterArn),
    tasks: (region, clusterArn) => ecs.tasks(caller, region, clusterArn),
    containerInstances: (region, clusterArn) => ecs.containerInstances(caller, region, clusterArn),
    taskDefinitions: (region, usedBy) => taskDefinitions(caller, region, usedBy),
    ecsUtilisation: (region, of, window) => ecsUtilisation(caller, region, of, window),
    accountPublicAccessBlock: (accountId, region) => accountPublicAccessBlock(caller, region, accountId),
    bucketNames: () => bucketNames(caller, region),
    bucket: (bucket, parts) => new BucketReader(caller, bucket, parts).read(parts),
    bucketStorage: (region, names) => bucketStorage(caller, region, names, clock.now()),
    close: line.close,
  };
}

/** What calls go over, from the credentials to the sockets. */
function openLine(principal: Principal, options: ReaderOptions) {
  const { endpoints, callsAtOnce = CALLS_AT_ONCE, clock = systemClock } = options;
  const { attemptTimeoutMs = ATTEMPT_TIMEOUT_MS, pace = 'careful' } = options;
  const stop = new AbortController();
  // Every call listens.
  setMaxListeners(0, stop.signal);
  const onAbort = () => stop.abort();
  if (options.signal?.aborted === true) onAbort();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  const gate = new Gate({ clock, callsAtOnce, pace, stop: stop.signal });
  const wire = new Wire({ clock, socketsMax: callsAtOnce, attemptTimeoutMs });
  const retries = new Retries(clock, stop.signal);
  const clientsOf = (provide: CredentialProvider) =>
    openClients({ endpoints, credentials: provide, wire, gate, retries });
  // No function may hold the principal: what a reader can reach stays in memory for as long as somebody has it.
  const { region } = principal;
  const openSts = (provide: CredentialProvider) => clientsOf(provide).sts(region);
  const credentials = new Credentials({ principal, openSts, clock, environment: process.env });
  const clients = clientsOf(credentials.provide);
  return {
    clock,
    gate,
    wire,
    caller: new Caller(clients, stop.signal),
    close: () => {
      stop.abort();
      options.signal?.removeEventListener('abort', onAbort);
      credentials.forget();
      clients.close();
      wire.close();
    },
  };
}
