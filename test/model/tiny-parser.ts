import type { Json } from '#core/json.ts';

export type Operator = '?:' | '=' | '<' | '>' | '+' | '-' | '*' | '%';

export type Node =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'path'; readonly names: readonly string[] }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'count'; readonly list: Node }
  | { readonly kind: 'operation'; readonly operator: Operator; readonly left: Node; readonly right: Node };

const TOKEN = /\s*(\?:|\$count|[A-Za-z_][A-Za-z0-9_]*|\d+|"[^"]*"|[-+*%=<>().,[\]])/y;
const WORDS: Readonly<Record<string, Json>> = { true: true, false: false, null: null };
/** Loosest first. */
const LEVELS: readonly (readonly Operator[])[] = [['?:'], ['=', '<', '>'], ['+', '-'], ['*', '%']];

/** Parses the small part of the expression language that random flows use. Throws for anything else. */
export function parseExpression(source: string): Node {
  const parser = new Parser(tokensOf(source));
  const node = parser.operation(0);
  parser.end();
  return node;
}

function tokensOf(source: string): string[] {
  const tokens: string[] = [];
  const text = source.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new Error(`The model cannot read "${source}" from character ${at} on.`);
    tokens.push(match[1] ?? '');
  }
  return tokens;
}

class Parser {
  readonly #tokens: string[];

  constructor(tokens: string[]) {
    this.#tokens = tokens;
  }

  operation(level: number): Node {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#operand();
    let left = this.operation(level + 1);
    for (;;) {
      const operator = operators.find((each) => each === this.#tokens[0]);
      if (operator === undefined) return left;
      this.#tokens.shift();
      left = { kind: 'operation', operator, left, right: this.operation(level + 1) };
    }
  }

  end(): void {
    if (this.#tokens.length > 0) throw new Error(`The model does not expect ${this.#tokens.join(' ')}.`);
  }

  #operand(): Node {
    const token = this.#tokens.shift() ?? '';
    if (/^\d/.test(token)) return { kind: 'literal', value: Number(token) };
    if (token.startsWith('"')) return { kind: 'literal', value: token.slice(1, -1) };
    if (Object.hasOwn(WORDS, token)) return { kind: 'literal', value: WORDS[token] ?? null };
    if (token === '(') return this.#closed(this.operation(0), ')');
    if (token === '[') return this.#closed({ kind: 'list', items: this.#items() }, ']');
    if (token === '$count') {
      this.#expect('(');
      return this.#closed({ kind: 'count', list: this.operation(0) }, ')');
    }
    return { kind: 'path', names: [token, ...this.#fields()] };
  }

  #fields(): string[] {
    const fields: string[] = [];
    while (this.#tokens[0] === '.') {
      this.#tokens.shift();
      fields.push(this.#tokens.shift() ?? '');
    }
    return fields;
  }

  #items(): Node[] {
    const items: Node[] = [];
    while (this.#tokens[0] !== ']') {
      if (items.length > 0) this.#expect(',');
      items.push(this.operation(0));
    }
    return items;
  }

  #closed(node: Node, bracket: string): Node {
    this.#expect(bracket);
    return node;
  }

  #expect(token: string): void {
    const found = this.#tokens.shift();
    if (found !== token) throw new Error(`The model expects ${token}, not ${found ?? 'the end'}.`);
  }
}
