import { z } from 'zod';

import { pinnedAnswerSchema } from '../flow-document.ts';
import type { StepError } from '../step-failure.ts';

/** An answer for every step of a node, or one for each item of the loops around it, by loop path (`"0"`, `"2.1"`). */
export const pinSchema = z.union([
  ...pinnedAnswerSchema.options,
  z.strictObject({ items: z.record(z.string().regex(/^\d+(\.\d+)*$/), pinnedAnswerSchema) }),
]);

/** Pins by node id. */
export const pinsSchema = z.record(z.string(), pinSchema);

export type PinnedAnswer = z.output<typeof pinnedAnswerSchema>;
export type Pin = z.output<typeof pinSchema>;
export type Pins = z.output<typeof pinsSchema>;

/** What a pinned step answers; undefined for a step of a node that is not pinned. An item without an answer gets an error: what is pinned is never called. */
export function answerOf(pins: Pins | null, nodeId: string, key: string): PinnedAnswer | undefined {
  const pin = pins && Object.hasOwn(pins, nodeId) ? pins[nodeId] : undefined;
  if (!pin || !('items' in pin)) return pin;
  return (Object.hasOwn(pin.items, key) && pin.items[key]) || { error: noAnswer(nodeId, key) };
}

/** The code of a step that has no answer where none may be called. */
export const NO_ANSWER = 'no_answer';

/** Why a step that must not be called fails: nothing says what it would have answered. */
export function noAnswer(nodeId: string, key = ''): StepError {
  const place = key === '' ? `“${nodeId}”` : `“${nodeId}”, item ${key}`;
  const message = `Nothing says what ${place} answers here. Pin an output or an error for it.`;
  return { kind: 'invalid', code: NO_ANSWER, message };
}
