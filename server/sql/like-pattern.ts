/** A pattern for LIKE and ILIKE that finds `text` anywhere, taken literally. */
export function containsPattern(text: string): string {
  return `%${escapeLike(text)}%`;
}

/** A pattern that finds what begins with `text`, taken literally. */
export function prefixPattern(text: string): string {
  return `${escapeLike(text)}%`;
}

/** The backslash is LIKE's escape character unless a query says otherwise. */
function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
