import type { Json } from '#core/json.ts';

/** A value that a person wrote as JSON; undefined while it is none. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // The field marks the place.
    return undefined;
  }
}
