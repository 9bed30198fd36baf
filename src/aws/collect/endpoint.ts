import type { AwsEndpoints } from '../principal.ts';
import type { AwsService } from './rates.ts';

/** The names under which the SDK and AWS's own tools look for an endpoint in the environment. */
const environmentNames: Record<AwsService, string> = {
  ec2: 'AWS_ENDPOINT_URL_EC2',
  ecs: 'AWS_ENDPOINT_URL_ECS',
  s3: 'AWS_ENDPOINT_URL_S3',
  s3control: 'AWS_ENDPOINT_URL_S3_CONTROL',
  cloudwatch: 'AWS_ENDPOINT_URL_CLOUDWATCH',
  sts: 'AWS_ENDPOINT_URL_STS',
};

/**
 * Where a service is, if not where AWS has it: as the configuration says, otherwise as the environment does. What a
 * shared config file of AWS's tools says does not count: nobody would look for it there.
 */
export function endpointOf(
  service: AwsService,
  endpoints: AwsEndpoints,
  environment: NodeJS.ProcessEnv,
): string | undefined {
  const configured = endpoints[service] ?? endpoints.all;
  if (configured !== undefined) return configured;
  if (environment['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true') return undefined;
  const found = environment[environmentNames[service]] ?? environment['AWS_ENDPOINT_URL'];
  return found === '' ? undefined : found;
}
