import type { Check } from '../check.ts';
import { agentDisconnected } from './agent-disconnected.ts';
import { containerInsights } from './container-insights.ts';
import { execEnabled } from './exec-enabled.ts';
import { fargateVersion } from './fargate-version.ts';
import { idleCluster } from './idle-cluster.ts';
import { instanceEncryption } from './instance-encryption.ts';
import { serviceLb } from './service-lb.ts';
import { servicePublicIp } from './service-public-ip.ts';
import { serviceUnhealthy } from './service-unhealthy.ts';
import { tags } from './tags.ts';
import { tasksetPublicIp } from './taskset-public-ip.ts';
import { tdEfsTls } from './td-efs-tls.ts';
import { tdEnvSecrets } from './td-env-secrets.ts';
import { tdHostNetwork } from './td-host-network.ts';
import { tdHostPid } from './td-host-pid.ts';
import { tdLogging } from './td-logging.ts';
import { tdPrivileged } from './td-privileged.ts';
import { tdReadonlyRoot } from './td-readonly-root.ts';
import { tdRootUser } from './td-root-user.ts';

export const ecsChecks = [
  serviceUnhealthy,
  servicePublicIp,
  tasksetPublicIp,
  tdPrivileged,
  tdHostPid,
  tdHostNetwork,
  tdReadonlyRoot,
  tdRootUser,
  tdEnvSecrets,
  tdLogging,
  fargateVersion,
  containerInsights,
  agentDisconnected,
  tdEfsTls,
  idleCluster,
  execEnabled,
  serviceLb,
  instanceEncryption,
  tags,
] as const satisfies readonly Check[];
