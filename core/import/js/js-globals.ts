import { own } from '../own.ts';
import { type JsNode, Unsure } from './js-tree.ts';
import { type Piece, whole } from './jsonata-text.ts';

/** A call of what JavaScript has everywhere: `Math.floor(x)`, `String(x)`, `JSON.stringify(x)`, `new Date()`. */
export function globalCall(
  { of, args, isNew }: Extract<JsNode, { kind: 'call' }>,
  emit: (node: JsNode) => Piece,
): Piece | undefined {
  const name = nameOf(of);
  if (name === undefined) return undefined;
  const [first, ...rest] = args;
  if (name === 'Date' && isNew) return newDate(args, emit);
  if (name === 'Date.now' && args.length === 0) return whole('$millis()', 'number');
  const wrap = own(WRAPPED, name);
  if (wrap === undefined || first === undefined) return undefined;
  if (name === 'JSON.stringify' && rest.length === 2)
    return whole(`$string(${emit(first).text}, true)`, 'text');
  if (name === 'parseInt')
    return whole(`$number($substringBefore($string(${emit(first).text}), "."))`, 'number');
  if (name === 'Math.max' || name === 'Math.min') {
    return whole(`${wrap[0]}[${args.map((arg) => emit(arg).text).join(', ')}])`, 'number');
  }
  if (rest.length > 0) throw new Unsure(`${name} with ${args.length} values is not taken over`);
  return whole(`${wrap[0]}${emit(first).text}${wrap[1]}`, wrap[2]);
}

const WRAPPED: Readonly<Record<string, readonly [before: string, after: string, type: Piece['type']]>> = {
  String: ['$string(', ')', 'text'],
  Number: ['$number(', ')', 'number'],
  Boolean: ['$boolean(', ')', 'boolean'],
  parseFloat: ['$number(', ')', 'number'],
  parseInt: ['', '', 'number'],
  encodeURIComponent: ['$encodeUrlComponent(', ')', 'text'],
  decodeURIComponent: ['$decodeUrlComponent(', ')', 'text'],
  encodeURI: ['$encodeUrl(', ')', 'text'],
  'JSON.stringify': ['$string(', ')', 'text'],
  'JSON.parse': ['$parseJson(', ')', 'unknown'],
  'Object.keys': ['[$keys(', ')]', 'list'],
  'Object.values': ['[$each(', ', function($v) { $v })]', 'list'],
  'Array.isArray': ['($type(', ') = "array")', 'boolean'],
  'Math.floor': ['$floor(', ')', 'number'],
  'Math.ceil': ['$ceil(', ')', 'number'],
  'Math.abs': ['$abs(', ')', 'number'],
  'Math.sqrt': ['$sqrt(', ')', 'number'],
  'Math.round': ['$floor(0.5 + ', ')', 'number'],
  'Math.max': ['$max(', ')', 'number'],
  'Math.min': ['$min(', ')', 'number'],
};

function newDate(args: readonly JsNode[], emit: (node: JsNode) => Piece): Piece {
  const [first, ...rest] = args;
  if (first === undefined) return whole('$now()', 'date');
  if (rest.length > 0) throw new Unsure('a date of several numbers is not taken over');
  return { ...emit(first), type: 'date' };
}

function nameOf(node: JsNode): string | undefined {
  if (node.kind === 'name') return node.name;
  return node.kind === 'member' && node.of.kind === 'name' ? `${node.of.name}.${node.name}` : undefined;
}
