import { FORBIDDEN_KEYS, type Json, type JsonObject, isJsonObject } from '../json.ts';
import type { Hint } from './hint.ts';

/** Settings that can be stored: without names that a flow must not use, which are reported. */
export function safeConfig(config: JsonObject): {
  readonly config: JsonObject;
  readonly hints: readonly Hint[];
} {
  const dropped: string[] = [];
  const safe = clean(config, dropped);
  const hints = [...new Set(dropped)].map((name): Hint => ({
    kind: 'do',
    place: `Name ${name}`,
    why: 'A flow cannot use this name, so it was left out with its value.',
    remedy: 'Choose another name.',
  }));
  return { config: isJsonObject(safe) ? safe : {}, hints };
}

function clean(value: Json | undefined, dropped: string[]): Json {
  if (Array.isArray(value)) return value.map((item: Json) => clean(item, dropped));
  if (isJsonObject(value)) {
    const names = Object.keys(value);
    dropped.push(...names.filter((name) => FORBIDDEN_KEYS.has(name)));
    const kept = names.filter((name) => !FORBIDDEN_KEYS.has(name));
    return Object.fromEntries(kept.map((name) => [name, clean(value[name], dropped)]));
  }
  return value === undefined || (typeof value === 'number' && !Number.isFinite(value)) ? null : value;
}
