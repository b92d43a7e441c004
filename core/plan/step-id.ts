/** The key of a step in a journal. Node ids hold no blank, so no two steps share one. */
export function stepId(nodeId: string, key: string): string {
  return key === '' ? nodeId : `${nodeId} ${key}`;
}

/** The loop path of an iteration of a loop that stands at `key`. */
export function iterationKey(key: string, index: number): string {
  return key === '' ? String(index) : `${key}.${index}`;
}

/** The first `depth` indexes of a loop path. */
export function outerKey(key: string, depth: number): string {
  if (depth === 0) return '';
  let end = -1;
  for (let level = 0; level < depth; level++) {
    end = key.indexOf('.', end + 1);
    if (end === -1) return key;
  }
  return key.slice(0, end);
}

/** The innermost index of a loop path. */
export function indexOf(key: string): number {
  return Number(key.slice(key.lastIndexOf('.') + 1));
}

/** Orders loop paths by their indexes, outermost first. */
export function compareKeys(a: string, b: string): number {
  const [left, right] = [a.split('.'), b.split('.')];
  for (const [level, index] of left.entries()) {
    const difference = Number(index) - Number(right[level] ?? -1);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
