/** A piece of JSONata, with how tightly it holds together and what is known of its value. */
export interface Piece {
  readonly text: string;
  /** JSONata's binding power of its outermost operator; 100 for a path, a literal, a call. */
  readonly power: number;
  readonly type: 'text' | 'number' | 'boolean' | 'date' | 'list' | 'object' | 'null' | 'unknown';
}

export const WHOLE = 100;

/** A piece that needs no brackets. */
export function whole(text: string, type: Piece['type'] = 'unknown'): Piece {
  return { text, power: WHOLE, type };
}

/** The text of a piece for a place that holds together with this power. */
export function within(piece: Piece, power: number): string {
  return piece.power > power ? piece.text : `(${piece.text})`;
}

/** An infix operation; operands of the same power stand in brackets, which is always right. */
export function infix(
  left: Piece,
  operator: string,
  right: Piece,
  [power, type]: [number, Piece['type']],
): Piece {
  const isChain = left.power === power && (operator === 'and' || operator === 'or' || operator === '&');
  const before = isChain ? left.text : within(left, power);
  return { text: `${before} ${operator} ${within(right, power)}`, power, type };
}

/** A JSONata literal; `undefined` has none. */
export function literal(value: string | number | boolean | null): Piece {
  if (value === null) return whole('null', 'null');
  if (typeof value === 'number') {
    return value < 0 ? { text: String(value), power: 70, type: 'number' } : whole(String(value), 'number');
  }
  return typeof value === 'boolean' ? whole(String(value), 'boolean') : whole(JSON.stringify(value), 'text');
}

const PLAIN = /^[A-Za-z_][A-Za-z0-9_]*$/;
const RESERVED: ReadonlySet<string> = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'function']);

/** A field of what a piece gives. */
export function fieldOf(piece: Piece, name: string): Piece {
  if (name.includes('`')) return whole(`$lookup(${piece.text}, ${JSON.stringify(name)})`);
  return whole(
    `${within(piece, WHOLE - 1)}.${PLAIN.test(name) && !RESERVED.has(name) ? name : `\`${name}\``}`,
  );
}
