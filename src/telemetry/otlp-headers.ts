const NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
const VALUE = /^[\t\x20-\x7e]*$/;
const HEADERS_MAX = 20;

/**
 * Headers as the environment of OpenTelemetry has them: `name=value,name=value`, values percent-encoded where they
 * hold a comma. Undefined for what is none.
 */
export function readOtlpHeaders(text: string): Record<string, string> | undefined {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '');
  if (pairs.length > HEADERS_MAX) return undefined;
  const headers: Record<string, string> = {};
  for (const pair of pairs) {
    const cut = pair.indexOf('=');
    const name = pair.slice(0, Math.max(0, cut)).trim();
    const value = decoded(pair.slice(cut + 1).trim());
    if (!NAME.test(name) || value === undefined || !VALUE.test(value)) return undefined;
    headers[name.toLowerCase()] = value;
  }
  return headers;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone `%`: told as a fault of the setting.
    return undefined;
  }
}
