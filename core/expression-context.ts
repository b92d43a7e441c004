import type { Steadiness } from './expression/steady.ts';
import { type Json, type JsonObject, emptyObject } from './json.ts';

/**
 * What expressions can name. Never a secret. Everything is plain JSON; times are ISO 8601 in UTC.
 * Each name is also bound as a variable (`$steps.map`), for places where the names mean something else, such as inside
 * `trigger.body.items.{ "sku": sku, "order": $trigger.body.id }`.
 */
export interface ExpressionContext {
  /** The event: `body`, `headers`, `query`, `method`, `receivedAt`. */
  readonly trigger: Json;
  /** Outputs of the steps that are done, by node id. */
  readonly steps: Readonly<Record<string, Json>>;
  /** Inside a loop: the item and its place, from 0. */
  readonly item?: Json;
  readonly index?: number;
  /** `id`, `startedAt`, `attempt`; absent before there is a run (a webhook's duplicate key). */
  readonly run?: JsonObject;
  /** `slug`, `version`. */
  readonly flow?: JsonObject;
  /** In the settings of a poll: the reply (`status`, `headers`, `body`), its items, and what was kept of the last reply. */
  readonly reply?: Json;
  readonly items?: Json;
  readonly cursor?: Json;
  /** Workspace variables. */
  readonly vars?: JsonObject;
  /** Not to be named: what `$now()`, `$millis()`, `$random()`, `$shuffle()` and `$uuid()` go by. Absent: the real clock and dice. */
  readonly steady?: Steadiness;
}

/** The names that expressions can use at their outermost level. */
export const CONTEXT_NAMES = ['trigger', 'steps', 'item', 'index', 'run', 'flow', 'vars'] as const;

/** Names that only a few settings know; which, their definitions say. */
const OWN_NAMES = ['reply', 'items', 'cursor'] as const;

/** The context as an object of exactly those names, so that nothing else that a caller carries along can be read. */
export function contextInput(context: ExpressionContext): JsonObject {
  const input = emptyObject();
  for (const name of [...CONTEXT_NAMES, ...OWN_NAMES]) {
    const value = context[name];
    if (value !== undefined) input[name] = value;
  }
  return input;
}
