/**
 * What is asked of an account over the API, in plain words: it names what is read, and what is made of it. Lists filter
 * and page by what `list` says; absent: all.
 */
export type Question =
  | { readonly name: 'clusters'; readonly region: Where; readonly list?: ListQuery }
  | { readonly name: 'cluster'; readonly region: string; readonly cluster: string }
  | {
      readonly name: 'services';
      readonly region: string;
      readonly cluster: string;
      readonly list?: ListQuery;
    }
  | { readonly name: 'service'; readonly region: string; readonly cluster: string; readonly service: string }
  | { readonly name: 'tasks'; readonly region: string; readonly cluster: string; readonly list?: ListQuery }
  | {
      readonly name: 'containerInstances';
      readonly region: string;
      readonly cluster: string;
      readonly list?: ListQuery;
    }
  | {
      readonly name: 'ecsMetrics';
      readonly region: string;
      readonly cluster: string;
      readonly service?: string;
      readonly window: Window;
    }
  | { readonly name: 'buckets'; readonly list?: ListQuery }
  | { readonly name: 'bucket'; readonly bucket: string }
  | { readonly name: 'volumes'; readonly region: Where; readonly list?: ListQuery }
  | {
      readonly name: 'volumeMetrics';
      readonly region: string;
      readonly volume: string;
      readonly window: Window;
    }
  | { readonly name: 'snapshots'; readonly region: Where; readonly list?: ListQuery }
  | { readonly name: 'vpcs'; readonly region: Where; readonly list?: ListQuery }
  | {
      readonly name: 'securityGroups';
      readonly region: string;
      readonly vpc: string;
      readonly list?: ListQuery;
    }
  | {
      readonly name: 'subnets' | 'routeTables' | 'networkAcls' | 'flowLogs';
      readonly region: string;
      readonly vpc: string;
      readonly list?: ListQuery;
    }
  | { readonly name: 'topology'; readonly region: string; readonly vpc: string }
  | { readonly name: 'regions' }
  | { readonly name: 'summary'; readonly region: string };

export type QuestionName = Question['name'];

/** A region's name, or all that are enabled. */
export type Where = string;
export const ALL_REGIONS = 'all';

/** Unix ms and seconds. */
export interface Window {
  readonly since: number;
  readonly until: number;
  readonly periodSeconds: number;
}

export interface ListQuery {
  /** Occurs in the name or id, whatever the case. */
  readonly text?: string;
  /** Members of the wire form that must have these values. */
  readonly where: Readonly<Record<string, string>>;
  readonly limit?: number;
  /** Where the page before ended. */
  readonly cursor?: string;
}
