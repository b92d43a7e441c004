/**
 * Turns a look-up of many keys into one of a single key. At most one look-up runs at a time; keys that are asked for
 * meanwhile go into the next one. So an answer is never older than its question.
 */
export function coalesce<T>(
  load: (keys: readonly string[]) => Promise<ReadonlyMap<string, T>>,
): (key: string) => Promise<T | null> {
  let next: { readonly keys: Set<string>; readonly answers: Promise<ReadonlyMap<string, T>> } | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const begin = () => {
    const keys = new Set<string>();
    const answers = last.then(() => {
      next = undefined;
      return load([...keys]);
    });
    last = answers.catch(() => undefined);
    return { keys, answers };
  };

  return async (key) => {
    next ??= begin();
    next.keys.add(key);
    return (await next.answers).get(key) ?? null;
  };
}
