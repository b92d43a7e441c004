import { containsPattern, prefixPattern } from '#server/sql/like-pattern.ts';

/**
 * The condition that a run `r` holds a text: in its id (as a prefix), its flow, error, business and event key, and in the first 64 KiB
 * of the event's body: byte by byte, because a body need not be UTF-8, and blind to the case of ASCII letters alone.
 * True where no text is sought. Takes the three parameters of `runTextValues`, from `$first` on.
 */
export function runTextCondition(first: number): string {
  const [bytes, prefix, contained] = [`$${first}`, `$${first + 1}`, `$${first + 2}`];
  return `(${bytes}::bytea IS NULL
      OR r.id::text LIKE ${prefix}::text
      OR r.flow_slug ILIKE ${contained}::text OR r.flow_name ILIKE ${contained} OR r.error ->> 'message' ILIKE ${contained}
      OR r.business_key ->> 'value' ILIKE ${contained}
      OR EXISTS (
        SELECT FROM event e
        WHERE e.id = r.event_id AND (e.dedupe_key ILIKE ${contained}
          OR position(${bytes} IN ${lowerAsciiBytes('substring(e.body FROM 1 FOR 65536)')}) > 0)))`;
}

/** Bytes, and patterns for the id and the other texts; those are null where the text holds a NUL, which no text column can. */
export function runTextValues(text: string | undefined): unknown[] {
  if (text === undefined) return [null, null, null];
  const bytes = Buffer.from(lowerAscii(text));
  if (text.includes('\0')) return [bytes, null, null];
  return [bytes, prefixPattern(text.toLowerCase()), containsPattern(text)];
}

function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Lower-cases the ASCII letters of a bytea: its escape form is ASCII, with every other byte as octal digits. */
function lowerAsciiBytes(bytes: string): string {
  return `decode(lower(encode(${bytes}, 'escape') COLLATE "C"), 'escape')`;
}
