/** A mail taken apart: enough of MIME for what nodemailer writes. */
export interface Mail {
  /** Lower-case names, unfolded, encoded words decoded; repeated ones in order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly text: string;
  readonly html: string;
}

export function readMail(source: string): Mail {
  const { headers, body } = split(source);
  const boundary = /boundary="([^"]+)"/.exec(headerOf(headers, 'content-type'))?.[1] ?? '';
  const parts = body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => split(part.replace(/^\r\n/, '')));
  const partOf = (type: string): string => {
    const part = parts.find((one) => headerOf(one.headers, 'content-type').startsWith(type));
    return part ? decodeBody(part.body, headerOf(part.headers, 'content-transfer-encoding')) : '';
  };
  return { headers, text: partOf('text/plain'), html: partOf('text/html') };
}

export function headerOf(headers: Mail['headers'], name: string): string {
  return headers.find(([one]) => one === name)?.[1] ?? '';
}

function split(source: string): { headers: Mail['headers']; body: string } {
  const end = source.indexOf('\r\n\r\n');
  const lines = source
    .slice(0, end)
    .replaceAll(/\r\n[ \t]/g, ' ')
    .split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), decodeWords(line.slice(colon + 1).trim())] as const;
  });
  return { headers, body: source.slice(end + 4) };
}

/** RFC 2047; a space between two encoded words is none of the text. */
function decodeWords(value: string): string {
  const bytes = value
    .replaceAll(/(\?=)\s+(?==\?)/g, '$1')
    .replaceAll(/=\?UTF-8\?([QB])\?([^?]*)\?=/gi, (_, kind, text) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(text, 'base64').toString('latin1')
        : fromQuoted(text.replaceAll('_', ' ')),
    );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function decodeBody(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return body;
  return Buffer.from(fromQuoted(body.replaceAll('=\r\n', '')), 'latin1').toString('utf8');
}

function fromQuoted(text: string): string {
  return text.replaceAll(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}
