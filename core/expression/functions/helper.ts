/** A function that expressions can call besides JSONata's own. Undefined, for "missing", goes in and comes out. */
export type Helper = (...args: readonly unknown[]) => unknown;

/** A value as messages quote it: short. */
export function quoted(value: unknown): string {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? 'a function');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Throws unless the value is text of a reasonable length. */
export function textArgument(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new Error(`${what} must be a text, not ${quoted(value)}`);
  if (value.length > MAX_TEXT) throw new Error(`${what} has more than ${MAX_TEXT} characters`);
  return value;
}

/** As JSONata sees it, one value is a list of one, and a missing one an empty list. */
export function listArgument(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly unknown[]) : [value];
}

const MAX_TEXT = 1_000_000;
