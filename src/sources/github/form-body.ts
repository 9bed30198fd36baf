const FIELD = Buffer.from('payload=');

/**
 * The JSON in a webhook that GitHub was told to send as a form (`application/x-www-form-urlencoded`), or the body
 * itself. The body's own beginning tells which it is: GitHub signs that, and not the media type. Undefined when the
 * form cannot be decoded.
 */
export function unwrapForm(body: Buffer): Buffer | undefined {
  if (!body.subarray(0, FIELD.length).equals(FIELD)) return body;
  const end = body.indexOf('&');
  const encoded = body.toString('latin1', FIELD.length, end === -1 ? body.length : end);
  try {
    // decodeURIComponent, unlike URLSearchParams, refuses what is no UTF-8 instead of replacing it.
    return Buffer.from(decodeURIComponent(encoded.replaceAll('+', ' ')));
  } catch {
    // Recovered by the answer: the sender is told that this is no form.
    return undefined;
  }
}
