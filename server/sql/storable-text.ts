/** Postgres takes no NUL in a text. What is compared with names may have U+FFFF instead: no name has that either. */
export function storableText(text: string | undefined): string | undefined {
  return text?.replaceAll('\0', '\uFFFF');
}
