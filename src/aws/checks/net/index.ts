import type { Check } from '../check.ts';
import { defaultVpc } from './default-vpc.ts';
import { flowLogs } from './flow-logs.ts';
import { naclAdminPorts } from './nacl-admin-ports.ts';
import { naclUnused } from './nacl-unused.ts';
import { peeringLeastAccess } from './peering-least-access.ts';
import { routeIgw } from './route-igw.ts';
import { sgAllOpen } from './sg-all-open.ts';
import { sgCifs } from './sg-cifs.ts';
import { sgDefaultRestricts } from './sg-default-restricts.ts';
import { sgFromPublicIp } from './sg-from-public-ip.ts';
import { sgHighRiskPorts } from './sg-high-risk-ports.ts';
import { sgLaunchWizard } from './sg-launch-wizard.ts';
import { sgManyRules } from './sg-many-rules.ts';
import { sgRdp } from './sg-rdp.ts';
import { sgSsh } from './sg-ssh.ts';
import { sgUnauthorizedPort } from './sg-unauthorized-port.ts';
import { sgUnused } from './sg-unused.ts';
import { sgWidePublicCidr } from './sg-wide-public-cidr.ts';
import { subnetAutoPublicIp } from './subnet-auto-public-ip.ts';
import { subnetIpExhaustion } from './subnet-ip-exhaustion.ts';
import { vpcSingleAz } from './vpc-single-az.ts';

export const netChecks = [
  sgSsh,
  sgRdp,
  sgAllOpen,
  sgHighRiskPorts,
  sgUnauthorizedPort,
  sgCifs,
  sgWidePublicCidr,
  sgDefaultRestricts,
  sgUnused,
  sgFromPublicIp,
  sgLaunchWizard,
  sgManyRules,
  flowLogs,
  naclAdminPorts,
  naclUnused,
  subnetAutoPublicIp,
  subnetIpExhaustion,
  peeringLeastAccess,
  routeIgw,
  defaultVpc,
  vpcSingleAz,
] as const satisfies readonly Check[];
