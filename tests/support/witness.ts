/** What a run must never show, and whether it did. One per test file. */
const forms = new Map<string, string>();
const outputs = new Map<string, () => string>();
const found = new Set<string>();

/** Keeps a text that must not appear in any answer or output from now on, in the spellings it could leak in. */
export function secret(text: string): string {
  const bytes = Buffer.from(text);
  const spellings = [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text),
    bytes.toString('hex'),
    bytes.toString('base64'),
    bytes.toString('base64url'),
  ];
  for (const spelling of spellings) forms.set(spelling, text);
  return text;
}

/** Looks an answer through. */
export function sawAnswer(where: string, text: string): void {
  for (const [form, known] of forms) if (text.includes(form)) found.add(`${known} in ${where}`);
}

/** An output that is looked through at the end. */
export function watchOutput(where: string, read: () => string): void {
  outputs.set(where, read);
}

/** Every secret that was shown, and where. */
export function leaks(): string[] {
  for (const [where, read] of outputs) sawAnswer(where, read());
  return [...found];
}
