/**
 * What is read of an account, and the IAM actions it takes: the least-privilege policy is made of this, and a failure
 * names its action from here. S3's actions are not named like its calls.
 */
export const reads = {
  identity: ['sts:GetCallerIdentity'],
  regions: ['ec2:DescribeRegions'],
  volumes: ['ec2:DescribeVolumes'],
  volumeStatuses: ['ec2:DescribeVolumeStatus'],
  snapshots: ['ec2:DescribeSnapshots'],
  publicSnapshots: ['ec2:DescribeSnapshots'],
  ebsEncryptionByDefault: ['ec2:GetEbsEncryptionByDefault'],
  snapshotBlockPublicAccess: ['ec2:GetSnapshotBlockPublicAccessState'],
  vpcs: ['ec2:DescribeVpcs'],
  subnets: ['ec2:DescribeSubnets'],
  securityGroups: ['ec2:DescribeSecurityGroups'],
  prefixLists: ['ec2:DescribeManagedPrefixLists', 'ec2:GetManagedPrefixListEntries'],
  networkAcls: ['ec2:DescribeNetworkAcls'],
  routeTables: ['ec2:DescribeRouteTables'],
  flowLogs: ['ec2:DescribeFlowLogs'],
  networkInterfaces: ['ec2:DescribeNetworkInterfaces'],
  clusters: ['ecs:ListClusters', 'ecs:DescribeClusters'],
  services: ['ecs:ListServices', 'ecs:DescribeServices'],
  tasks: ['ecs:ListTasks', 'ecs:DescribeTasks'],
  containerInstances: ['ecs:ListContainerInstances', 'ecs:DescribeContainerInstances'],
  taskDefinitions: ['ecs:ListTaskDefinitionFamilies', 'ecs:DescribeTaskDefinition'],
  buckets: ['s3:ListAllMyBuckets', 's3:GetBucketLocation'],
  accountPublicAccessBlock: ['s3:GetAccountPublicAccessBlock'],
  bucketPublicAccessBlock: ['s3:GetBucketPublicAccessBlock'],
  bucketPolicy: ['s3:GetBucketPolicy'],
  bucketPolicyStatus: ['s3:GetBucketPolicyStatus'],
  bucketAcl: ['s3:GetBucketAcl'],
  bucketOwnership: ['s3:GetBucketOwnershipControls'],
  bucketVersioning: ['s3:GetBucketVersioning'],
  bucketEncryption: ['s3:GetEncryptionConfiguration'],
  bucketLifecycle: ['s3:GetLifecycleConfiguration'],
  bucketLogging: ['s3:GetBucketLogging'],
  bucketStorage: ['cloudwatch:ListMetrics', 'cloudwatch:GetMetricData'],
  metrics: ['cloudwatch:GetMetricData'],
} as const satisfies Record<string, readonly `${string}:${string}`[]>;

export type ReadName = keyof typeof reads;
/** `ec2:DescribeVolumes`. */
export type Action = (typeof reads)[ReadName][number] | typeof ASSUME_ROLE;
/** What it takes beforehand where a role is assumed: of the keys that assume it, not of the role. */
export const ASSUME_ROLE = 'sts:AssumeRole';
