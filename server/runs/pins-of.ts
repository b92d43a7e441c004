import type { Json } from '#core/json.ts';
import type { Pins } from '#core/pins/pin.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';

/** What steps of the run answer with instead of being carried out; null where none is pinned. */
export function pinsOf({ pins }: { readonly pins: unknown }): Pins | null {
  return fromStoredJson(pins as Json) as unknown as Pins | null;
}
