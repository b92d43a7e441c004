import { type JsToken, jsTokens } from './js-tokens.ts';
import { type JsNode, Unsure } from './js-tree.ts';

const POWERS: Readonly<Record<string, number>> = {
  '??': 1,
  '||': 2,
  '&&': 3,
  '==': 4,
  '!=': 4,
  '===': 4,
  '!==': 4,
  '<': 5,
  '>': 5,
  '<=': 5,
  '>=': 5,
  '+': 6,
  '-': 6,
  '*': 7,
  '/': 7,
  '%': 7,
};
const MAX_DEPTH = 60;

/** Reads one JavaScript expression; throws `Unsure` at statements, assignments and whatever else is none. */
export function parseJs(source: string, depth = 0): JsNode {
  if (depth > MAX_DEPTH) throw new Unsure('it is nested too deeply');
  const tokens = jsTokens(source);
  let at = 0;
  let nesting = depth;
  const tree = expression();
  if (isSign(';')) at += 1;
  if (at < tokens.length) throw new Unsure(`it goes on with ${shown(tokens[at])}`);
  return tree;

  function expression(): JsNode {
    if ((nesting += 1) > MAX_DEPTH) throw new Unsure('it is nested too deeply');
    const test = binary(0);
    const found = isSign('?') ? choice(test) : test;
    nesting -= 1;
    return found;
  }

  function choice(test: JsNode): JsNode {
    expect('?');
    const yes = expression();
    expect(':');
    return { kind: 'choice', test, yes, no: expression() };
  }

  function binary(power: number): JsNode {
    let left = unary();
    for (;;) {
      const token = tokens[at];
      const operator = token?.kind === 'sign' ? token.value : '';
      const own = POWERS[operator] ?? 0;
      if (own <= power) return left;
      at += 1;
      left = { kind: 'binary', operator, left, right: binary(own) };
    }
  }

  function unary(): JsNode {
    for (const operator of ['!', '-', '+']) {
      if (!isSign(operator)) continue;
      at += 1;
      if ((nesting += 1) > MAX_DEPTH) throw new Unsure('it is nested too deeply');
      const of = unary();
      nesting -= 1;
      return { kind: 'unary', operator, of };
    }
    if (isName('typeof') || isName('await') || isName('void'))
      throw new Unsure(`${shown(tokens[at])} is not taken over`);
    return postfix(primary());
  }

  function postfix(start: JsNode): JsNode {
    let found = start;
    for (;;) {
      if (isSign('.') || isSign('?.')) {
        const isOptional = isSign('?.');
        at += 1;
        if (isOptional && (isSign('[') || isSign('('))) continue;
        const name = tokens[at];
        if (name?.kind !== 'name') throw new Unsure('a name is missing after a dot');
        at += 1;
        found = { kind: 'member', of: found, name: name.value };
      } else if (isSign('[')) {
        at += 1;
        const index = expression();
        expect(']');
        found =
          index.kind === 'literal' && typeof index.value === 'string'
            ? { kind: 'member', of: found, name: index.value }
            : { kind: 'index', of: found, at: index };
      } else if (isSign('(')) {
        found = { kind: 'call', of: found, args: callArguments(), isNew: false };
      } else {
        return found;
      }
    }
  }

  function callArguments(): readonly JsNode[] {
    return listed('(', ')', expression);
  }

  function listed<T>(open: string, close: string, one: () => T): readonly T[] {
    expect(open);
    const items: T[] = [];
    while (!isSign(close)) {
      if (isSign('...')) throw new Unsure('“...” is not taken over');
      items.push(one());
      if (!isSign(close)) expect(',');
    }
    at += 1;
    return items;
  }

  function primary(): JsNode {
    const arrow = arrowParameters();
    if (arrow !== undefined) return arrowFunction(arrow);
    const token = tokens[at];
    if (token === undefined) throw new Unsure('it ends too early');
    if (token.kind === 'sign') return bracketed(token.value);
    at += 1;
    if (token.kind === 'number' || token.kind === 'text') return { kind: 'literal', value: token.value };
    if (token.kind === 'template') return template(token);
    return named(token.value);
  }

  function bracketed(sign: string): JsNode {
    if (sign === '(') {
      at += 1;
      const inside = expression();
      expect(')');
      return inside;
    }
    if (sign === '[') return { kind: 'list', items: listed('[', ']', expression) };
    if (sign === '{') return { kind: 'object', fields: listed('{', '}', field) };
    throw new Unsure(`“${sign}” is not understood`);
  }

  function field(): readonly [string, JsNode] {
    const token = tokens[at];
    if (token === undefined || (token.kind !== 'name' && token.kind !== 'text'))
      throw new Unsure('a field has no plain name');
    at += 1;
    if (token.kind === 'name' && !isSign(':')) return [token.value, { kind: 'name', name: token.value }];
    expect(':');
    return [token.value, expression()];
  }

  function named(name: string): JsNode {
    if (name === 'true' || name === 'false') return { kind: 'literal', value: name === 'true' };
    if (name === 'null') return { kind: 'literal', value: null };
    if (name === 'undefined') return { kind: 'undefined' };
    if (name === 'function') throw new Unsure('a function with statements is not taken over');
    if (name !== 'new') return { kind: 'name', name };
    const token = tokens[at];
    if (token?.kind !== 'name') throw new Unsure('“new” is not understood');
    at += 1;
    const of: JsNode = { kind: 'name', name: token.value };
    return { kind: 'call', of, args: isSign('(') ? callArguments() : [], isNew: true };
  }

  function template({ texts, sources }: Extract<JsToken, { kind: 'template' }>): JsNode {
    const parts = texts.flatMap((text, index) => {
      const source = sources[index];
      const island = source === undefined ? [] : [parseJs(source, nesting + 1)];
      return text === '' ? island : [text, ...island];
    });
    return { kind: 'template', parts };
  }

  /** The names before `=>`, when an arrow function starts here. */
  function arrowParameters(): readonly string[] | undefined {
    const names: string[] = [];
    const [first, second] = [tokens[at], tokens[at + 1]];
    if (first?.kind === 'name' && second?.kind === 'sign' && second.value === '=>') {
      at += 2;
      return [first.value];
    }
    if (!isSign('(')) return undefined;
    let ahead = at + 1;
    for (let token = tokens[ahead]; token?.kind === 'name'; token = tokens[ahead]) {
      names.push(token.value);
      ahead += 1;
      const comma = tokens[ahead];
      if (comma?.kind !== 'sign' || comma.value !== ',') break;
      ahead += 1;
    }
    const [close, arrow] = [tokens[ahead], tokens[ahead + 1]];
    if (close?.kind !== 'sign' || close.value !== ')') return undefined;
    if (arrow?.kind !== 'sign' || arrow.value !== '=>') return undefined;
    at = ahead + 2;
    return names;
  }

  function arrowFunction(parameters: readonly string[]): JsNode {
    if (isSign('{')) throw new Unsure('a function with statements is not taken over');
    return { kind: 'arrow', parameters, body: expression() };
  }

  function isSign(value: string): boolean {
    const token = tokens[at];
    return token?.kind === 'sign' && token.value === value;
  }

  function isName(value: string): boolean {
    const token = tokens[at];
    return token?.kind === 'name' && token.value === value;
  }

  function expect(sign: string): void {
    if (!isSign(sign)) throw new Unsure(`“${sign}” is missing before ${shown(tokens[at])}`);
    at += 1;
  }
}

function shown(token: JsToken | undefined): string {
  if (token === undefined) return 'the end';
  return token.kind === 'template' ? 'a text' : `“${token.value}”`;
}
