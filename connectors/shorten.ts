/** A text of at most `limit` characters and, where more were there, `…`; by it the end of a cut-off secret is found (`server/hide-secrets.ts`). */
export function shorten(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}
