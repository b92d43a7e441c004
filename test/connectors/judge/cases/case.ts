import type { JsonObject } from '#core/json.ts';

/** Settings that the operations of a connector are judged with: together they fill in every setting. */
export interface JudgeCases {
  /** By the operation's id; several where settings exclude each other. */
  readonly operations: Readonly<Record<string, readonly JsonObject[]>>;
  /** By the name of a live list: the settings that it depends on, and words to search for. */
  readonly lists: Readonly<Record<string, JsonObject>>;
  /** What the far end answers, where a handler goes on by it. Default `{ "ok": true }`. */
  readonly reply?: JsonObject;
}
