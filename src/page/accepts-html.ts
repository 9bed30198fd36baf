/**
 * Whether the sender of this `Accept` wants a page rather than data (RFC 9110, 12.5.1): it names `text/html`, and
 * no less than JSON. Wildcards count for nothing: what takes anything, such as curl, gets data.
 */
export function acceptsHtml(accept: string | undefined): boolean {
  const html = qualityOf(accept, 'text/html');
  return html > 0 && html >= qualityOf(accept, 'application/json');
}

/** 0 when the media type is not named. */
function qualityOf(accept: string | undefined, mediaType: string): number {
  for (const range of (accept ?? '').toLowerCase().split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim());
    if (name !== mediaType) continue;
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    return quality === undefined ? 1 : Number(quality) || 0;
  }
  return 0;
}
