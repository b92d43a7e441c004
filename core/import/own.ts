/** What a table holds under a key of somebody else's choice; never what JavaScript puts on every object. */
export function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
