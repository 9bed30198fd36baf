import { badQuestion, found, notThere, type Found, type Refusal } from './answer.ts';

/** What a caller may name, by what it is. What AWS would never have given out is not asked for. */
const patterns = {
  cluster: /^(?:[\w-]{1,255}|arn:aws[\w-]{0,20}:ecs:[a-z0-9-]{1,32}:\d{12}:cluster\/[\w-]{1,255})$/,
  service: /^(?:[\w-]{1,255}|arn:aws[\w-]{0,20}:ecs:[a-z0-9-]{1,32}:\d{12}:service\/[\w/-]{1,511})$/,
  bucket: /^[A-Za-z0-9][\w.-]{1,254}$/,
  volume: /^vol-[0-9a-zA-Z]{1,32}$/,
  VPC: /^vpc-[0-9a-zA-Z]{1,32}$/,
} as const satisfies Record<string, RegExp>;

export type Named = keyof typeof patterns;

const REGION = /^[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-\d{1,2}$/;

/** The name, if it can be one. */
export function nameOf(what: Named, name: string): Found<string> {
  return patterns[what].test(name) ? found(name) : unknownName(what, name);
}

/** Only what looks like a name is said back. */
export function unknownName(what: Named, name: string): Refusal {
  return notThere(`There is no ${what} ${patterns[what].test(name) ? name : 'of that name'} here.`);
}

/** Regions become part of a host's name: nothing that is none may get there. */
export function regionOf(region: string): Found<string> {
  return REGION.test(region) ? found(region) : badQuestion('The region is none of AWS’s.');
}
