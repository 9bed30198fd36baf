import type { Fault } from '../kernel/fault.ts';
import type { AnyObject, ObjectKind } from './objects.ts';
import type { ObjectBody } from './object-store.ts';

export type ReadMember =
  | { readonly ok: true; readonly body: ObjectBody }
  /** Paths are within the member. */
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** What the config knows of members of its lists. Handed in: it stands above this folder. */
export interface Members {
  /**
   * A member as somebody sent it, without its id: checked as the file's are, and as who has no rights on the machine.
   * A mask keeps what is stored in its place.
   */
  read(kind: ObjectKind, id: string, given: ObjectBody, stored: ObjectBody | undefined): ReadMember;
  /** The same fit to be shown: complete with defaults, secrets masked. */
  shown(kind: ObjectKind, id: string, body: ObjectBody): ObjectBody;
  /** A configured object in the form of a member, fit to be shown. */
  settingsOf(kind: ObjectKind, object: AnyObject): ObjectBody;
}

/** The lists of the config that objects of a kind are members of. */
export const listNames = { source: 'sources', target: 'targets', rule: 'rules' } as const;
