/**
 * A cell of RFC 4180 that a spreadsheet takes as text: what it would take for a formula begins with an apostrophe.
 * Whoever writes an attacker's text into a table must not have it run on the desk of whoever opens it.
 */
export function csvCell(text: string): string {
  const defused = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(defused) ? `"${defused.replaceAll('"', '""')}"` : defused;
}
