import type { Fault } from '../../kernel/fault.ts';
import { parsePointer } from '../../kernel/json-pointer.ts';
import { isPointer } from './place.ts';
import type { JsonSettings } from './settings.ts';

const BAD_POINTER = 'is no JSON Pointer (RFC 6901): "~" is written "~0", and "/" in a name "~1"';

/** What a schema cannot say of a mapping. */
export function mappingFaults({ items, map, resolved }: JsonSettings): readonly Fault[] {
  const faults: Fault[] = [];
  if (items !== undefined && parsePointer(items) === undefined) {
    faults.push({ path: 'items', message: 'must be a JSON Pointer such as /findings' });
  }
  faults.push(...pointerFaults(map, 'map'));
  if (resolved !== undefined && map?.state === undefined) {
    faults.push({ path: 'resolved', message: 'needs `map.state`, which says where the word stands' });
  }
  if (map?.state !== undefined && map.matter === undefined) {
    faults.push({ path: 'map.state', message: 'needs `map.matter`, which names what is open or resolved' });
  }
  return faults;
}

/** Of every text below: all that begin with a slash must be pointers. */
function pointerFaults(value: unknown, path: string): readonly Fault[] {
  if (typeof value === 'string') {
    return isPointer(value) && parsePointer(value) === undefined ? [{ path, message: BAD_POINTER }] : [];
  }
  if (Array.isArray(value)) return value.flatMap((one, index) => pointerFaults(one, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => pointerFaults(one, `${path}.${name}`));
}
