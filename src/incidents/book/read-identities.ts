import { isJsonObject, parseUntrusted } from '../../kernel/json.ts';
import { scanJson } from '../../kernel/json-scan.ts';
import { addressOf, employeeOf } from './read-record.ts';
import { notJson, shapeChanged, type ReadIdentities } from './reading.ts';

const IDENTITIES_MAX = 1_000_000;
const DEPTH_MAX = 32;

/** Which address is whose: a flat JSON object, address → integer id. What is neither is counted and passed over. */
export function readIdentities(body: string): ReadIdentities {
  // Before anything is built of it: a member more is a comma more, or else a level more.
  if (hasMoreCommas(body, IDENTITIES_MAX)) return shapeChanged('there are more than 1,000,000 identities');
  const scan = scanJson(body, { depthMax: DEPTH_MAX, itemsMax: IDENTITIES_MAX });
  if (scan.kind === 'refused' && scan.reason === 'too_deep')
    return shapeChanged(`the identities nest deeper than ${DEPTH_MAX} levels`);
  const parsed = parseUntrusted(body);
  if (!parsed.ok) return notJson();
  if (!isJsonObject(parsed.value)) return shapeChanged('the identities are not a JSON object');
  const members = Object.entries(parsed.value);
  const identities = new Map<string, string>();
  for (const [name, value] of members) {
    const address = addressOf(name);
    const employee = employeeOf(value);
    if (address !== undefined && employee !== undefined) identities.set(address, employee);
  }
  return { kind: 'identities', identities, invalid: members.length - identities.size };
}

function hasMoreCommas(text: string, max: number): boolean {
  let count = 0;
  for (let at = text.indexOf(','); at !== -1; at = text.indexOf(',', at + 1)) {
    count += 1;
    if (count >= max) return true;
  }
  return false;
}
