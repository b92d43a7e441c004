import { FORBIDDEN_KEYS, emptyObject, type Json, type JsonObject } from '../json.ts';

/**
 * The names and values of `a=1&b=2`, decoded; a name that comes again makes a list. Undefined when the text is no such
 * list of pairs, or would be another one when it is written again.
 */
export function formFields(text: string): JsonObject | undefined {
  const fields = emptyObject();
  for (const pair of text.split('&')) {
    const equals = pair.indexOf('=');
    const name = decode(pair.slice(0, Math.max(equals, 0)));
    const value = decode(pair.slice(equals + 1));
    if (equals < 1 || name === undefined || value === undefined || FORBIDDEN_KEYS.has(name)) return undefined;
    const before = fields[name];
    if (before === undefined) fields[name] = value;
    else fields[name] = Array.isArray(before) ? [...(before as readonly Json[]), value] : [before, value];
  }
  return { ...fields };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
