import type { JsonObject } from '../../kernel/json.ts';
import { textOf } from '../fields.ts';
import { classNameOf } from './classes.ts';

/** Which class of OCSF's a record is of. */
export interface OcsfClass {
  /** Undefined when the record does not say. */
  readonly uid: number | undefined;
  readonly category: number | undefined;
  /** In snake case; `event` when nothing is known. */
  readonly name: string;
}

/** By `class_uid`, else by `type_uid`, which holds it; the name by number first, as producers spell names freely. */
export function classOf(record: JsonObject): OcsfClass {
  const uid = wholeNumber(record['class_uid']) ?? fromType(wholeNumber(record['type_uid']));
  const category =
    wholeNumber(record['category_uid']) ?? (uid === undefined ? undefined : Math.floor(uid / 1_000));
  const told = textOf(record['class_name'])?.slice(0, 80).trim().replaceAll(/\s+/g, '_');
  const known = uid === undefined ? undefined : classNameOf(uid);
  return { uid, category, name: known ?? told ?? (uid === undefined ? 'event' : `class_${uid}`) };
}

/** `type_uid` is the class times a hundred and the activity. */
const fromType = (type: number | undefined): number | undefined =>
  type === undefined ? undefined : Math.floor(type / 100);

const wholeNumber = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
