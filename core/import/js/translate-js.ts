import { compileExpression } from '../../expression/compile.ts';
import { type JsNode, Unsure } from './js-tree.ts';
import { globalCall } from './js-globals.ts';
import { methodCall } from './js-methods.ts';
import { fieldOf, infix, literal, type Piece, whole, within } from './jsonata-text.ts';
import { parseJs } from './parse-js.ts';

/**
 * What a name, a member or a call stands for here. Undefined: nothing special, it is read as plain JavaScript. Throws
 * `Unsure` for what a flow has no counterpart of.
 */
export type JsResolver = (node: JsNode) => Piece | undefined;

export type Translation =
  | { readonly ok: true; readonly text: string; readonly type: Piece['type'] }
  | { readonly ok: false; readonly why: string };

/** A JavaScript expression as JSONata, where the two mean the same for sure; else why not. */
export function translateJs(source: string, resolve: JsResolver): Translation {
  try {
    const piece = emitJs(parseJs(source), resolve);
    const compiled = compileExpression(piece.text);
    if (!compiled.ok) return { ok: false, why: 'it has no form that is known to work here' };
    return { ok: true, text: piece.text, type: piece.type };
  } catch (thrown) {
    if (thrown instanceof Unsure) return { ok: false, why: thrown.message };
    throw thrown;
  }
}

/** The piece of JSONata for a tree. */
export function emitJs(node: JsNode, resolve: JsResolver): Piece {
  const emit = (part: JsNode): Piece => emitJs(part, resolve);
  const special = resolve(node);
  if (special !== undefined) return special;
  switch (node.kind) {
    case 'literal':
      return literal(node.value);
    case 'undefined':
      return whole('null', 'null');
    case 'template':
      return joined(node.parts.map((part) => (typeof part === 'string' ? literal(part) : emit(part))));
    case 'name':
      throw new Unsure(`“${node.name}” means nothing here`);
    case 'member':
      return member(emit(node.of), node.name);
    case 'index':
      return index(emit(node.of), node.at);
    case 'call':
      return call(node, resolve);
    case 'unary':
      return unary(node.operator, emit(node.of));
    case 'binary':
      return binary(node, emit);
    case 'choice': {
      const [yes, no] = [emit(node.yes), emit(node.no)];
      const text = `${within(emit(node.test), 20)} ? ${within(yes, 20)} : ${within(no, 20)}`;
      return { text, power: 20, type: yes.type === no.type ? yes.type : 'unknown' };
    }
    case 'list':
      return whole(`[${node.items.map((item) => emit(item).text).join(', ')}]`, 'list');
    case 'object':
      return whole(
        `{${node.fields.map(([name, value]) => `${JSON.stringify(name)}: ${emit(value).text}`).join(', ')}}`,
        'object',
      );
    case 'arrow':
      throw new Unsure('a function is only taken over within map, filter, find and some');
  }
}

function member(of: Piece, name: string): Piece {
  if (name !== 'length') return fieldOf(of, name);
  if (of.type === 'text') return whole(`$length(${of.text})`, 'number');
  if (of.type === 'list') return whole(`$count(${of.text})`, 'number');
  return {
    text: `$type(${of.text}) = "string" ? $length(${of.text}) : $count(${of.text})`,
    power: 20,
    type: 'number',
  };
}

function index(of: Piece, at: JsNode): Piece {
  if (at.kind !== 'literal' || typeof at.value !== 'number')
    throw new Unsure('a place in a list must be a number');
  return whole(`${within(of, 99)}[${at.value}]`);
}

function call(node: Extract<JsNode, { kind: 'call' }>, resolve: JsResolver): Piece {
  const emit = (part: JsNode): Piece => emitJs(part, resolve);
  const global = globalCall(node, emit);
  if (global !== undefined) return global;
  if (node.isNew || node.of.kind !== 'member') throw new Unsure('this call is not known here');
  const { of, name } = node.of;
  const withParameter = (parameter: string, body: JsNode): Piece =>
    emitJs(body, (part) =>
      part.kind === 'name' && part.name === parameter ? whole(`$${parameter}`) : resolve(part),
    );
  return methodCall(emit(of), name, node.args, { emit, withParameter });
}

function unary(operator: string, of: Piece): Piece {
  if (operator === '!') return whole(`$not(${of.text})`, 'boolean');
  if (operator === '+') return whole(`$number(${of.text})`, 'number');
  return { text: `-${within(of, 70)}`, power: 70, type: 'number' };
}

function joined(pieces: readonly Piece[]): Piece {
  const [first = literal(''), ...rest] = pieces;
  if (rest.length === 0) return first.type === 'text' ? first : whole(`$string(${first.text})`, 'text');
  return rest.reduce((before, piece) => infix(before, '&', piece, [50, 'text']), first);
}

function binary(
  { operator, left, right }: Extract<JsNode, { kind: 'binary' }>,
  emit: (node: JsNode) => Piece,
): Piece {
  if (operator.startsWith('==') || operator.startsWith('!=')) return equality(operator, left, right, emit);
  const [one, other] = [emit(left), emit(right)];
  switch (operator) {
    case '+':
      return plus(one, other);
    case '-':
      return infix(one, operator, other, [50, 'number']);
    case '*':
    case '/':
    case '%':
      return infix(one, operator, other, [60, 'number']);
    case '&&':
      if (isBoolean(one, other)) return infix(one, 'and', other, [30, 'boolean']);
      return {
        text: `${within(one, 20)} ? ${within(other, 20)} : ${within(one, 20)}`,
        power: 20,
        type: 'unknown',
      };
    case '||':
      if (isBoolean(one, other)) return infix(one, 'or', other, [25, 'boolean']);
      return {
        text: `${within(one, 20)} ? ${within(one, 20)} : ${within(other, 20)}`,
        power: 20,
        type: other.type === one.type ? one.type : 'unknown',
      };
    case '??':
      // JSONata’s own ?? keeps null.
      return {
        text: `(${within(one, 40)} ?? null) = null ? ${within(other, 20)} : ${within(one, 20)}`,
        power: 20,
        type: 'unknown',
      };
    default:
      if (one.type === 'date' && other.type === 'date') {
        return infix(whole(`$toMillis(${one.text})`), operator, whole(`$toMillis(${other.text})`), [
          40,
          'boolean',
        ]);
      }
      return infix(one, operator, other, [40, 'boolean']);
  }
}

function isBoolean(...pieces: readonly Piece[]): boolean {
  return pieces.every(({ type }) => type === 'boolean');
}

function plus(one: Piece, other: Piece): Piece {
  if (one.type === 'number' && other.type === 'number') return infix(one, '+', other, [50, 'number']);
  if (one.type === 'text' || other.type === 'text') return infix(one, '&', other, [50, 'text']);
  throw new Unsure('“+” adds numbers or joins texts, and which one it does here is not known');
}

/** `==` of other types than text goes by the texts of both, which is what it mostly means. */
function equality(operator: string, left: JsNode, right: JsNode, emit: (node: JsNode) => Piece): Piece {
  const isEqual = operator.startsWith('=');
  const isEmpty = (node: JsNode) =>
    node.kind === 'undefined' || (node.kind === 'literal' && node.value === null);
  if (isEmpty(right) || isEmpty(left)) {
    const of = emit(isEmpty(right) ? left : right);
    return {
      text: `(${within(of, 40)} ?? null) ${isEqual ? '=' : '!='} null`,
      power: 40,
      type: 'boolean',
    };
  }
  const [one, other] = [emit(left), emit(right)];
  const isStrict = operator.length === 3 || one.type === other.type;
  const loose = [one, other].some(
    ({ type }) => type === 'number' || type === 'boolean' || type === 'unknown',
  );
  if (isStrict || !loose) return infix(one, isEqual ? '=' : '!=', other, [40, 'boolean']);
  const asText = (piece: Piece) => (piece.type === 'text' ? piece : whole(`$string(${piece.text})`, 'text'));
  return infix(asText(one), isEqual ? '=' : '!=', asText(other), [40, 'boolean']);
}
