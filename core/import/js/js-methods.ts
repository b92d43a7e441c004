import { dateMethod } from './date-methods.ts';
import { type JsNode, Unsure } from './js-tree.ts';
import { infix, literal, type Piece, whole, within } from './jsonata-text.ts';

interface MethodContext {
  readonly emit: (node: JsNode) => Piece;
  /** Emits the body of a function of one parameter. */
  readonly withParameter: (parameter: string, body: JsNode) => Piece;
}

/** A call of a method of texts, lists or dates. Throws `Unsure` for those that JSONata has no sure counterpart of. */
export function methodCall(of: Piece, name: string, args: readonly JsNode[], context: MethodContext): Piece {
  const date = of.type === 'date' ? dateMethod(of, name, args, context.emit) : undefined;
  const found = date ?? listMethod(of, name, args, context) ?? textMethod(of, name, args, context.emit);
  if (found === undefined) throw new Unsure(`the method ${name}() is not taken over`);
  return found;
}

function textMethod(
  of: Piece,
  name: string,
  args: readonly JsNode[],
  emit: (node: JsNode) => Piece,
): Piece | undefined {
  const [first, second] = args;
  const value = of.text;
  const one = first === undefined ? undefined : emit(first);
  switch (name) {
    case 'toString':
    case 'toJsonString':
      return one === undefined ? whole(`$string(${value})`, 'text') : undefined;
    case 'toUpperCase':
      return whole(`$uppercase(${value})`, 'text');
    case 'toLowerCase':
      return whole(`$lowercase(${value})`, 'text');
    case 'trim':
      return whole(`$replace(${value}, /^\\s+|\\s+$/, "")`, 'text');
    case 'toNumber':
    case 'toFloat':
      return whole(`$number(${value})`, 'number');
    case 'toInt':
      return whole(`$number($substringBefore($string(${value}), "."))`, 'number');
    case 'toTitleCase':
      return undefined;
    case 'startsWith':
      return one && startsWith(value, one);
    case 'endsWith':
      return one && endsWith(value, one);
    case 'split':
      return one && second === undefined ? whole(`$split(${value}, ${one.text})`, 'list') : undefined;
    case 'replace':
      return replaced(value, args, 1);
    case 'replaceAll':
      return replaced(value, args, undefined);
    case 'substring':
    case 'substr':
      return substring(value, name, args);
    case 'slice':
      return of.type === 'text' ? substring(value, name, args) : undefined;
    case 'padStart':
    case 'padEnd':
      return padded(value, name, args);
    default:
      return undefined;
  }
}

/** True when a text starts with another. */
export function startsWith(value: string, start: Piece): Piece {
  return infix(whole(`$substring(${value}, 0, $length(${start.text}))`), '=', start, [40, 'boolean']);
}

/** True when a text ends with another. */
export function endsWith(value: string, end: Piece): Piece {
  return infix(whole(`$substring(${value}, $length(${value}) - $length(${end.text}))`), '=', end, [
    40,
    'boolean',
  ]);
}

/** True when a list has an item, or a text a part. */
export function includes(of: Piece, part: Piece): Piece {
  if (of.type === 'text') return whole(`$contains(${of.text}, ${part.text})`, 'boolean');
  if (of.type === 'list') return infix(part, 'in', of, [40, 'boolean']);
  const inList = `${within(part, 40)} in ${within(of, 40)}`;
  const inText = `$contains(${of.text}, ${part.type === 'text' ? part.text : `$string(${part.text})`})`;
  return whole(`($type(${of.text}) = "array" ? ${inList} : ${inText})`, 'boolean');
}

function replaced(value: string, [from, to]: readonly JsNode[], limit: number | undefined): Piece {
  if (from?.kind !== 'literal' || to?.kind !== 'literal')
    throw new Unsure('replace() is only taken over with two plain texts');
  if (
    typeof from.value !== 'string' ||
    typeof to.value !== 'string' ||
    from.value === '' ||
    to.value.includes('$')
  ) {
    throw new Unsure('replace() is only taken over with two plain texts');
  }
  const times = limit === undefined ? '' : `, ${limit}`;
  return whole(`$replace(${value}, ${literal(from.value).text}, ${literal(to.value).text}${times})`, 'text');
}

function substring(value: string, name: string, args: readonly JsNode[]): Piece {
  const [start, end] = args.map((arg) =>
    arg.kind === 'literal' && typeof arg.value === 'number' ? arg.value : NaN,
  );
  if (start === undefined || !(start >= 0) || (end !== undefined && !(end >= 0))) {
    throw new Unsure(`${name}() is only taken over with plain numbers from 0`);
  }
  if (end === undefined) return whole(`$substring(${value}, ${start})`, 'text');
  const length = name === 'substr' ? end : end - start;
  if (length < 0) throw new Unsure(`${name}() ends before it starts`);
  return whole(`$substring(${value}, ${start}, ${length})`, 'text');
}

function padded(value: string, name: string, [width, filler]: readonly JsNode[]): Piece {
  if (width?.kind !== 'literal' || typeof width.value !== 'number')
    throw new Unsure(`${name}() needs a plain number`);
  if (
    filler !== undefined &&
    (filler.kind !== 'literal' || typeof filler.value !== 'string' || filler.value.length !== 1)
  ) {
    throw new Unsure(`${name}() is only taken over with one character`);
  }
  const sign = name === 'padStart' ? '-' : '';
  const char = filler?.kind === 'literal' ? `, ${JSON.stringify(filler.value)}` : '';
  return whole(`$pad(${value}, ${sign}${width.value}${char})`, 'text');
}

function listMethod(
  of: Piece,
  name: string,
  args: readonly JsNode[],
  { emit, withParameter }: MethodContext,
): Piece | undefined {
  const [first] = args;
  const list = of.text;
  switch (name) {
    case 'includes':
      return first && args.length === 1 ? includes(of, emit(first)) : undefined;
    case 'join':
      return whole(`$join($map(${list}, $string), ${first ? emit(first).text : '","'})`, 'text');
    case 'isEmpty':
      return whole(`$not($boolean(${list}))`, 'boolean');
    case 'isNotEmpty':
      return whole(`$boolean(${list})`, 'boolean');
    case 'first':
      return first === undefined ? whole(`${within(of, 99)}[0]`) : undefined;
    case 'last':
      return first === undefined ? whole(`${within(of, 99)}[-1]`) : undefined;
    case 'at':
      return first?.kind === 'literal' || first?.kind === 'unary'
        ? whole(`${within(of, 99)}[${emit(first).text}]`)
        : undefined;
    case 'sum':
      return whole(`$sum(${list})`, 'number');
    case 'map':
    case 'filter':
    case 'find':
    case 'some':
      return iterated(of, name, first, withParameter);
    default:
      return undefined;
  }
}

function iterated(
  of: Piece,
  name: string,
  callback: JsNode | undefined,
  withParameter: MethodContext['withParameter'],
): Piece | undefined {
  if (callback?.kind !== 'arrow' || callback.parameters.length !== 1) return undefined;
  const [parameter = ''] = callback.parameters;
  if (callback.body.kind === 'list') throw new Unsure('lists of lists are not taken over');
  const body = `function($${parameter}) { ${withParameter(parameter, callback.body).text} }`;
  const found = name === 'map' ? `$map(${of.text}, ${body})` : `$filter(${of.text}, ${body})`;
  if (name === 'find') return whole(`${found}[0]`);
  return name === 'some'
    ? { text: `$count(${found}) > 0`, power: 40, type: 'boolean' }
    : whole(`[${found}]`, 'list');
}
