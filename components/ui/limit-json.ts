import { isJsonObject, type Json } from '#core/json.ts';

export interface JsonLimits {
  /** Entries of one array or object that are kept. */
  readonly entries: number;
  /** Characters of one text that are kept. */
  readonly text: number;
  /** Values in all that are kept. */
  readonly values: number;
}

export const DEFAULT_JSON_LIMITS: JsonLimits = { entries: 100, text: 2_000, values: 2_000 };

export interface LimitedJson {
  readonly value: Json;
  /** True when something was left out. */
  readonly limited: boolean;
}

/** A copy of a value that is small enough to draw: long arrays, objects and texts end in a note of what is left out. */
export function limitJson(value: Json, limits: JsonLimits = DEFAULT_JSON_LIMITS): LimitedJson {
  const state = { limited: false, left: limits.values };
  return { value: limitValue(value, limits, state), limited: state.limited };
}

interface LimitState {
  limited: boolean;
  left: number;
}

function limitValue(value: Json, limits: JsonLimits, state: LimitState): Json {
  state.left -= 1;
  if (typeof value === 'string') return limitText(value, limits, state);
  if (Array.isArray(value)) return limitArray(value as readonly Json[], limits, state);
  if (isJsonObject(value)) return limitObject(Object.entries(value), limits, state);
  return value;
}

function limitText(text: string, limits: JsonLimits, state: LimitState): string {
  if (text.length <= limits.text) return text;
  state.limited = true;
  return `${text.slice(0, limits.text)}… (${count(text.length - limits.text)} more characters)`;
}

function limitArray(items: readonly Json[], limits: JsonLimits, state: LimitState): Json {
  const kept: Json[] = [];
  for (const item of items) {
    if (kept.length >= limits.entries || state.left <= 0) break;
    kept.push(limitValue(item, limits, state));
  }
  if (kept.length === items.length) return kept;
  state.limited = true;
  return [...kept, `… ${count(items.length - kept.length)} more`];
}

function limitObject(
  entries: readonly (readonly [string, Json])[],
  limits: JsonLimits,
  state: LimitState,
): Json {
  const kept: [string, Json][] = [];
  for (const [key, item] of entries) {
    if (kept.length >= limits.entries || state.left <= 0) break;
    kept.push([key, limitValue(item, limits, state)]);
  }
  if (kept.length === entries.length) return Object.fromEntries(kept);
  state.limited = true;
  return Object.fromEntries([...kept, ['…', `${count(entries.length - kept.length)} more`]]);
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}
