import { parseField, type FieldTerm } from './parse-field.ts';

/** What somebody wrote into the search of runs, understood. */
export interface RunSearch {
  /** What business keys it may name, the likeliest first; each as name (null: any) and value. */
  readonly keys: readonly KeyTerm[];
  /** Fields of the event that it asks for, all of them; empty where it asks for none. */
  readonly fields: readonly FieldTerm[];
  /** True where `fields` may be plain text just as well: `sha256:1f0c`. */
  readonly isAlsoText: boolean;
}

export interface KeyTerm {
  readonly name: string | null;
  readonly value: string;
}

/**
 * `4711`, `order 4711`, `order:4711`, `body.customer.id = 4711`, `country:CH and body.total = 5`, any text.
 * A field is written with `=`, or with a colon that no blank follows; its value may stand in quotes.
 */
export function parseRunSearch(written: string): RunSearch {
  const text = written.trim();
  const terms = text.split(/\s+and\s+/i).map(parseField);
  const fields = terms.filter((term) => term !== undefined);
  const isFields = fields.length === terms.length;
  return {
    keys: keysOf(text),
    fields: isFields ? fields : [],
    isAlsoText: isFields && fields.length === 1 && fields[0]?.isRooted === false,
  };
}

/** The whole of it is a key; or the first word says what it is a key of. */
function keysOf(text: string): readonly KeyTerm[] {
  return [{ name: null, value: text }, ...splits(text)];
}

/** Names may have blanks in them, so each place counts at which name and value can part. */
function splits(text: string): readonly KeyTerm[] {
  const found: KeyTerm[] = [];
  for (const { index, 0: sign } of text.matchAll(/\s*[:=#]\s*|\s+/g)) {
    const [name, value] = [text.slice(0, index), text.slice(index + sign.length)];
    if (name.length > 0 && name.length <= 40 && value !== '') found.push({ name, value: unquoted(value) });
    if (found.length === 5) break;
  }
  return found;
}

function unquoted(value: string): string {
  return /^"(.*)"$/s.exec(value)?.[1] ?? value;
}
