import type { Json } from '#core/json.ts';

/** Reads a form with nested names, `a[b][0]=c`, as the servers that take them do: counted keys make lists. */
export function parseForm(text: string): Record<string, Json> {
  const root: Branch = new Map();
  for (const [name, value] of new URLSearchParams(text)) {
    const keys = [...name.matchAll(/^[^[\]]+|\[([^\]]*)\]/g)].map((match) => match[1] ?? match[0]);
    put(root, keys, value);
  }
  return Object.fromEntries([...root].map(([key, value]) => [key, toJson(value)]));
}

type Branch = Map<string, Branch | string>;

function put(branch: Branch, [key = '', ...rest]: readonly string[], value: string): void {
  if (rest.length === 0) {
    branch.set(key === '' ? String(branch.size) : key, value);
    return;
  }
  const found = branch.get(key);
  const next: Branch = found instanceof Map ? found : new Map();
  branch.set(key, next);
  put(next, rest, value);
}

function toJson(value: Branch | string): Json {
  if (typeof value === 'string') return value;
  const keys = [...value.keys()];
  if (keys.every((key, index) => key === String(index))) return [...value.values()].map(toJson);
  return Object.fromEntries([...value].map(([key, part]) => [key, toJson(part)]));
}
