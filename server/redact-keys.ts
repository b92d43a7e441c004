/** Names whose values never leave the process in a log line. Compared without case, `-` and `_`. */
const SECRET_NAMES =
  /^(.*(password|passwd|secret|token|apikey|privatekey|signature|credential|cookie)|authorization|proxyauthorization|databaseurl|signingkey|masterkey|datakey)s?$/;

const HIDDEN = '[hidden]';
const MAX_DEPTH = 8;

/**
 * A copy of a value in which whatever stands under a secret's name is replaced. Errors and other class instances are
 * left as they are. The names decide, not the values: text that repeats a secret under a harmless name stays.
 */
export function redactKeys(value: unknown, depth = 0): unknown {
  if (Array.isArray(value))
    return depth > MAX_DEPTH ? HIDDEN : value.map((item) => redactKeys(item, depth + 1));
  if (!isPlainObject(value)) return value;
  if (depth > MAX_DEPTH) return HIDDEN;
  return Object.fromEntries(
    Object.entries(value).map(([name, held]) => [
      name,
      isSecretName(name) ? HIDDEN : redactKeys(held, depth + 1),
    ]),
  );
}

export function isSecretName(name: string): boolean {
  return SECRET_NAMES.test(name.toLowerCase().replace(/[-_]/g, ''));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
