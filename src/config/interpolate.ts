/** A text of the file with its `${NAME}` replaced; or why it cannot be. */
export type Interpolated =
  | { readonly kind: 'text'; readonly text: string; readonly names: readonly string[] }
  | { readonly kind: 'missing'; readonly names: readonly string[] }
  | { readonly kind: 'malformed' };

// A default holds no braces: that keeps the scan linear and refuses nesting.
const PIECE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^{}]*))?\}|\$\{/g;
const WHOLE = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/;

/**
 * Replaces `${NAME}`, and `${NAME:-default}` where the variable is absent or empty; `$${` stands for `${`.
 * What is put in is not looked at again.
 */
export function interpolate(text: string, lookup: (name: string) => string | undefined): Interpolated {
  const names: string[] = [];
  const missing: string[] = [];
  let malformed = false;
  const replaced = text.replaceAll(PIECE, (whole, name?: string, fallback?: string) => {
    if (whole === '$${') return '${';
    if (name === undefined) malformed = true;
    else names.push(name);
    const value = name === undefined ? '' : lookup(name);
    if (fallback !== undefined) return value === undefined || value === '' ? fallback : value;
    if (value === undefined && name !== undefined) missing.push(name);
    return value ?? '';
  });
  if (malformed) return { kind: 'malformed' };
  if (missing.length > 0) return { kind: 'missing', names: [...new Set(missing)] };
  return { kind: 'text', text: replaced, names };
}

/** The name when the text is one reference and nothing else, the only form for a secret. */
export function soleReference(text: string): string | undefined {
  return WHOLE.exec(text)?.[1];
}
