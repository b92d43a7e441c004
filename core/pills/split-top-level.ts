const OPEN = '([{';
const CLOSE = ')]}';
const SKIPPED = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|\/\*[^]*?\*\//y;

/**
 * Splits JSONata at a character that stands outside of brackets, texts, quoted names and comments. Null where brackets or
 * quotes do not match. Regular expressions are not known to it: callers compile the parts, which tells.
 */
export function splitTopLevel(source: string, separator: string): readonly string[] | null {
  const parts: string[] = [];
  const open: string[] = [];
  let start = 0;
  for (let at = 0; at < source.length; at += 1) {
    SKIPPED.lastIndex = at;
    const skipped = SKIPPED.exec(source);
    const character = source[at] ?? '';
    if (skipped !== null) at += skipped[0].length - 1;
    else if ('"\'`'.includes(character)) return null;
    else if (OPEN.includes(character)) open.push(CLOSE[OPEN.indexOf(character)] ?? '');
    else if (CLOSE.includes(character)) {
      if (open.pop() !== character) return null;
    } else if (character === separator && open.length === 0) {
      parts.push(source.slice(start, at));
      start = at + 1;
    }
  }
  return open.length === 0 ? [...parts, source.slice(start)] : null;
}
