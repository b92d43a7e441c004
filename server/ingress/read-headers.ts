/** The headers of one request, read once from the raw list. */
export interface HookHeaders {
  /** Lower-case names; repeated headers joined with `, `. Null prototype: the names are the sender's. */
  readonly values: Readonly<Record<string, string>>;
  /** Names that came more than once. A signature or a type that comes twice says two things, so it is refused. */
  readonly repeated: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/** Reads Node's `rawHeaders`. `__proto__` is left out (Node's own `headersDistinct` throws on it). */
export function readHeaders(rawHeaders: readonly string[]): HookHeaders {
  const values = Object.create(null) as Record<string, string>;
  let repeated: Set<string> | undefined;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!.toLowerCase();
    if (name === '__proto__') continue;
    const before = values[name];
    if (before === undefined) {
      values[name] = rawHeaders[index + 1]!;
    } else {
      values[name] = `${before}, ${rawHeaders[index + 1]}`;
      (repeated ??= new Set()).add(name);
    }
  }
  return { values, repeated: repeated ?? NONE };
}

/** The value of a header that came exactly once; undefined otherwise. */
export function onlyHeader(headers: HookHeaders, name: string): string | undefined {
  return headers.repeated.has(name) ? undefined : headers.values[name];
}
