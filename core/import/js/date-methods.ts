import { type JsNode, Unsure } from './js-tree.ts';
import { literal, type Piece, whole } from './jsonata-text.ts';

const UNITS = 'milliseconds seconds minutes hours days weeks months quarters years'.split(' ');
/** What Luxon's patterns and ours have in common. */
const PATTERN = /^(?:'[^']*'|yyyy|yy|MMMM|MMM|MM|M|dd|d|EEEE|EEE|HH|H|hh|h|mm|m|ss|s|SSS|a|[^A-Za-z'])*$/;

/** A method of a date, as Luxon and JavaScript have them. */
export function dateMethod(
  of: Piece,
  name: string,
  args: readonly JsNode[],
  emit: (node: JsNode) => Piece,
): Piece | undefined {
  const [first, second] = args;
  switch (name) {
    case 'toISO':
    case 'toISOString':
    case 'toString':
    case 'toJSON':
    case 'toUTC':
      return name === 'toUTC' ? of : whole(of.text, 'text');
    case 'toISODate':
      return whole(`$formatDate(${of.text}, "yyyy-MM-dd")`, 'text');
    case 'toMillis':
    case 'getTime':
    case 'valueOf':
      return whole(`$toMillis(${of.text})`, 'number');
    case 'toSeconds':
      return whole(`$floor($toMillis(${of.text}) / 1000)`, 'number');
    case 'toFormat':
    case 'format':
      return whole(`$formatDate(${of.text}, ${patternOf(first)})`, 'text');
    case 'plus':
    case 'minus':
      return moved(of, name, [first, second], emit);
    case 'startOf':
      if (first?.kind !== 'literal' || !isUnit(String(first.value))) return undefined;
      return whole(`$startOf(${of.text}, ${literal(first.value).text})`, 'date');
    default:
      return undefined;
  }
}

function patternOf(node: JsNode | undefined): string {
  if (node?.kind !== 'literal' || typeof node.value !== 'string' || !PATTERN.test(node.value)) {
    throw new Unsure('this pattern of a date is not known here');
  }
  return literal(node.value).text;
}

/** `plus({ days: 2 })`, `plus(2, 'days')`. */
function moved(
  of: Piece,
  name: string,
  [first, second]: readonly (JsNode | undefined)[],
  emit: (node: JsNode) => Piece,
): Piece | undefined {
  const steps =
    first?.kind === 'object'
      ? first.fields
      : first !== undefined && second?.kind === 'literal'
        ? ([[String(second.value), first]] as const)
        : undefined;
  if (steps === undefined || steps.some(([unit]) => !isUnit(unit))) return undefined;
  return steps.reduce((date, [unit, amount]) => {
    const { text } = emit(amount);
    const by = name === 'plus' ? text : `-(${text})`.replace(/^-\((\d+)\)$/, '-$1');
    return whole(`$addTime(${date.text}, ${by}, "${unit.replace(/s$/, '')}")`, 'date');
  }, of);
}

function isUnit(unit: string): boolean {
  return UNITS.includes(unit) || UNITS.includes(`${unit}s`);
}
