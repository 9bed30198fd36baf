import type { MetricPoint, Tags } from './ebs.ts';
import type { Listing } from './reading.ts';

export interface Cluster {
  readonly arn: string;
  readonly name: string;
  /** `ACTIVE`, `PROVISIONING`, `INACTIVE`, … */
  readonly status: string;
  readonly containerInstances: number;
  readonly runningTasks: number;
  readonly pendingTasks: number;
  readonly activeServices: number;
  /** `enabled`, `enhanced`, `disabled`; null where AWS does not say. */
  readonly containerInsights: string | null;
  /** Logging of `execute-command`: `NONE`, `DEFAULT`, `OVERRIDE`; null where none is configured. */
  readonly execLogging: string | null;
  readonly capacityProviders: readonly string[];
  readonly tags: Tags;
}

export interface Deployment {
  readonly id: string;
  /** `PRIMARY`, `ACTIVE`, `INACTIVE`. */
  readonly status: string;
  readonly taskDefinition: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly failedTasks: number;
  /** `COMPLETED`, `IN_PROGRESS`, `FAILED`; null where AWS does not say. */
  readonly rolloutState: string | null;
  readonly rolloutReason: string | null;
  readonly createdAt: number | null;
  readonly updatedAt: number | null;
}

export interface ServiceEvent {
  readonly id: string;
  readonly at: number | null;
  readonly message: string;
}

export interface Service {
  readonly arn: string;
  readonly name: string;
  readonly clusterArn: string;
  readonly status: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  /** `FARGATE`, `EC2`, `EXTERNAL`; null with a capacity provider strategy. */
  readonly launchType: string | null;
  readonly capacityProviders: readonly string[];
  /** `1.4.0`, `LATEST`; null where there is none. */
  readonly platformVersion: string | null;
  /** `Linux`, `Windows-Server-2019-Core`; null where AWS does not say. */
  readonly platformFamily: string | null;
  readonly schedulingStrategy: string | null;
  readonly taskDefinition: string | null;
  /** Of awsvpc; null with another network mode. */
  readonly assignsPublicIp: boolean | null;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly isExecEnabled: boolean;
  readonly loadBalancers: number;
  readonly createdAt: number | null;
  readonly deployments: readonly Deployment[];
  readonly taskSets: readonly {
    readonly id: string;
    readonly assignsPublicIp: boolean | null;
    readonly taskDefinition: string | null;
  }[];
  /** The newest hundred, newest first. */
  readonly events: readonly ServiceEvent[];
  readonly tags: Tags;
}

export interface Task {
  readonly arn: string;
  readonly clusterArn: string;
  /** `service:web` or what started it; null where AWS does not say. */
  readonly group: string | null;
  readonly lastStatus: string;
  readonly desiredStatus: string;
  readonly healthStatus: string | null;
  readonly taskDefinition: string;
  readonly launchType: string | null;
  readonly availabilityZone: string | null;
  readonly containerInstanceArn: string | null;
  /** CPU units and MiB. */
  readonly cpu: number | null;
  readonly memory: number | null;
  readonly startedAt: number | null;
  readonly stoppedReason: string | null;
}

export interface ContainerInstance {
  readonly arn: string;
  readonly clusterArn: string;
  readonly instanceId: string | null;
  readonly status: string;
  readonly isAgentConnected: boolean;
  readonly agentVersion: string | null;
  readonly runningTasks: number;
  readonly pendingTasks: number;
  /** CPU units and MiB, registered and what is left. */
  readonly cpu: { readonly registered: number | null; readonly remaining: number | null };
  readonly memory: { readonly registered: number | null; readonly remaining: number | null };
  readonly availabilityZone: string | null;
  readonly registeredAt: number | null;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly isPrivileged: boolean;
  /** Null where it is not said. */
  readonly isRootReadonly: boolean | null;
  readonly user: string | null;
  readonly logDriver: string | null;
  /** `awslogs`' `mode`; null where it is not said. */
  readonly logMode: string | null;
  readonly suspects: readonly SuspectVariable[];
}

/** An environment variable that looks like a secret. Its value was never kept. */
export interface SuspectVariable {
  readonly name: string;
  /** What gave it away. */
  readonly because: 'name' | 'access-key' | 'private-key' | 'token' | 'credentials-in-url' | 'entropy';
  /** The first eight hex digits of the value's SHA-256: whether two are the same. */
  readonly hashPrefix: string;
}

export interface TaskDefinition {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  readonly status: string;
  /** `awsvpc`, `bridge`, `host`, `none`; null where AWS does not say. */
  readonly networkMode: string | null;
  readonly pidMode: string | null;
  readonly ipcMode: string | null;
  readonly isWindows: boolean;
  readonly efsVolumes: readonly { readonly name: string; readonly isEncryptedInTransit: boolean }[];
  readonly containers: readonly Container[];
  /** Why it is judged: services and tasks that use it; empty for one that is only its family's latest. */
  readonly usedBy: readonly string[];
}

/** Per cent; periods without data are left out. */
export interface EcsUtilisation {
  readonly periodSeconds: number;
  readonly cpuUtilisation: readonly MetricPoint[];
  readonly memoryUtilisation: readonly MetricPoint[];
  /** Of clusters with container instances only. */
  readonly cpuReservation: readonly MetricPoint[];
  readonly memoryReservation: readonly MetricPoint[];
}

export interface EcsInventory {
  readonly clusters: Listing<Cluster>;
  readonly services: Listing<Service>;
  readonly tasks: Listing<Task>;
  readonly containerInstances: Listing<ContainerInstance>;
  /** Those in use by services and tasks, and the latest active of each family. */
  readonly taskDefinitions: Listing<TaskDefinition>;
}
