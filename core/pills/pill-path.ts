import type { PlainPath } from '../expression/plain-path.ts';

/** A way into the data that a pill stands for. */
export interface PillPath {
  /**
   * Where it begins: at a name of the expression's context (`trigger.body.id`), at the same written as a variable
   * (`$trigger.body.id`, which also works while a list is mapped), or in the item of the list that is mapped (`sku`).
   */
  readonly base: 'context' | 'variable' | 'item';
  /** Names and indexes; the first is a name. */
  readonly parts: PlainPath;
}

/** A path found in a text, and the offset after it. */
export interface ReadPath {
  readonly path: PillPath;
  readonly end: number;
}

/** What ends a name in JSONata. */
const NAME_END = String.raw`(?![^ \t\n\r\v.[\]{}(),@#;:?+\-*/%|=<>^&!~])`;
const PLAIN_NAME = String.raw`([A-Za-z_][A-Za-z0-9_]*)${NAME_END}`;
const FIRST = new RegExp(String.raw`(\$?)(?:${PLAIN_NAME}|${'`([^`]+)`'})`, 'y');
const NEXT = new RegExp(
  String.raw`\.(?:${PLAIN_NAME}|${'`([^`]+)`'}|("(?:[^"\\]|\\.)*"))|\[(-?\d{1,9})\]`,
  'y',
);
/** A call of what was read, or a way on that was not understood. */
const MORE = /[ \t\n\r\v]*\(|\.[^.{([*%$^ \t\n\r\v]/y;
const RESERVED: ReadonlySet<string> = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'function']);

/**
 * The longest path of names and indexes at an offset, written without blanks; undefined where none begins. Whether the first
 * name is one of the context, only the syntax tree can tell: `item` says that it is not.
 */
export function readPathAt(source: string, at: number, isItem = false): ReadPath | undefined {
  const first = matchAt(FIRST, source, at);
  const root = first?.[2] ?? first?.[3];
  if (first === null || root === undefined) return undefined;
  const isVariable = first[1] === '$';
  if (first[2] !== undefined ? RESERVED.has(root) && !isVariable : isVariable) return undefined;
  const parts: (string | number)[] = [root];
  let end = at + first[0].length;
  for (let next = matchAt(NEXT, source, end); next !== null; next = matchAt(NEXT, source, end)) {
    const part = partOf(next);
    if (part === undefined) break;
    parts.push(part);
    end += next[0].length;
  }
  if (matchAt(MORE, source, end) !== null) return undefined;
  return { path: { base: isVariable ? 'variable' : isItem ? 'item' : 'context', parts }, end };
}

/** The path as JSONata: names in backticks, or in quotes, where they need them. */
export function writePath({ base, parts }: PillPath): string {
  const [root = '', ...rest] = parts;
  const first = base === 'variable' ? `$${root}` : base === 'item' ? itemStart(String(root)) : String(root);
  return (
    first + rest.map((part) => (typeof part === 'number' ? `[${part}]` : `.${writeName(part)}`)).join('')
  );
}

/** A name as it stands in a path. */
export function writeName(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !RESERVED.has(name)) return name;
  return name === '' || name.includes('`') ? JSON.stringify(name) : `\`${name}\``;
}

/** A text in quotes is a text where a path begins, and a name only behind a dot. */
function itemStart(name: string): string {
  const written = writeName(name);
  return written.startsWith('"') ? `$.${written}` : written;
}

function partOf(match: RegExpExecArray): string | number | undefined {
  const [, plain, quoted, text, index] = match;
  if (index !== undefined) return Number(index);
  if (plain !== undefined) return RESERVED.has(plain) ? undefined : plain;
  return quoted ?? unquote(text ?? '');
}

function unquote(text: string): string | undefined {
  try {
    return JSON.parse(text) as string;
  } catch {
    return undefined; // JSONata reads some texts that JSON does not: such a path ends before it
  }
}

function matchAt(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(source);
}
