/** A function that keeps its last `limit` answers, the least recently asked dropped first. */
export function remember<T>(limit: number, make: (key: string) => T): (key: string) => T {
  const answers = new Map<string, { readonly value: T }>();
  return (key) => {
    const known = answers.get(key) ?? { value: make(key) };
    answers.delete(key);
    answers.set(key, known);
    if (answers.size > limit) answers.delete(answers.keys().next().value ?? key);
    return known.value;
  };
}
