/** Keys as AWS gives them. Never logged, stored in the clear or answered. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Where a configured account's credentials come from. */
export const credentialSources = ['default', 'environment', 'profile', 'container', 'instance'] as const;
export type CredentialSource = (typeof credentialSources)[number];

/** A role that is assumed with the credentials at hand. */
export interface AssumedRole {
  readonly arn: string;
  readonly externalId?: string;
}

/** With whose rights an account is read. */
export type Principal =
  | { readonly kind: 'keys'; readonly keys: AwsKeys; readonly role?: AssumedRole; readonly region: string }
  | {
      readonly kind: 'configured';
      /** The account's id in the config. */
      readonly id: string;
      readonly source: CredentialSource;
      readonly profile?: string;
      readonly role?: AssumedRole;
      readonly region: string;
    };

/** Where AWS is. From the configuration alone: nobody who logs in can name an endpoint. */
export interface AwsEndpoints {
  /** For all services that have none of their own; absent: AWS's own. */
  readonly all?: string;
  readonly ec2?: string;
  readonly ecs?: string;
  readonly s3?: string;
  readonly s3control?: string;
  readonly cloudwatch?: string;
  readonly sts?: string;
  /** Buckets in the path instead of the host name. */
  readonly pathStyle: boolean;
}

/** How near a reader goes to what AWS lets an account ask: below it, or beyond it for a moment where AWS allows. */
export const paces = ['careful', 'fast'] as const;
export type Pace = (typeof paces)[number];
