const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For HTML, between tags and inside quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '');
}

/**
 * For Markdown as chats read it: each sign that could begin markup, a link, a mention, an emoji or a list is a
 * plain one. Letters and digits are as they were.
 */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_~|<>[\](){}#:@!+=.-]/g, '\\$&');
}
