import { own } from '../own.ts';
import { type Json, type JsonObject, isJsonObject } from '../../json.ts';
import type { Hint } from '../hint.ts';
import { includes, startsWith, endsWith } from '../js/js-methods.ts';
import { infix, literal, type Piece, whole, within } from '../js/jsonata-text.ts';
import { textAt } from '../json-fields.ts';
import type { N8nValues } from './n8n-values.ts';

interface Comparison {
  readonly type: string;
  readonly operation: string;
  readonly left: Json | undefined;
  readonly right: Json | undefined;
}

/** The condition of a node as an expression; undefined when something in it was asked for. */
export function conditionText(
  conditions: Json | undefined,
  {
    values,
    hint,
    place,
    isAny = false,
  }: { values: N8nValues; hint: (one: Hint) => void; place: string; isAny?: boolean },
): string | undefined {
  if (!isJsonObject(conditions)) return undefined;
  const isNew = Array.isArray(conditions['conditions']);
  const comparisons = isNew ? newForm(conditions) : oldForm(conditions);
  const options = isJsonObject(conditions['options']) ? conditions['options'] : {};
  const ignoresCase = isNew && options['caseSensitive'] === false;
  const pieces = comparisons.map((comparison, at) => {
    const where = comparisons.length === 1 ? place : `${place} ${at + 1}`;
    const left = values.piece(comparison.left, where);
    const right = values.piece(comparison.right, where);
    if (left === undefined || right === undefined) return undefined;
    const made = compare(comparison, left, right, ignoresCase);
    if (made === undefined)
      hint({
        kind: 'do',
        place: where,
        why: `The comparison “${comparison.operation}” is not taken over.`,
        remedy: 'Write the condition by hand.',
      });
    return made;
  });
  if (pieces.length === 0 || pieces.some((piece) => piece === undefined)) return undefined;
  const operator = (isNew ? conditions['combinator'] === 'or' : isAny) ? 'or' : 'and';
  const [first, ...rest] = pieces.filter((piece) => piece !== undefined);
  return rest.reduce<Piece>(
    (before, next) => infix(before, operator, next, [operator === 'or' ? 25 : 30, 'boolean']),
    first ?? literal(true),
  ).text;
}

function newForm(conditions: JsonObject): readonly Comparison[] {
  return (conditions['conditions'] as readonly Json[]).filter(isJsonObject).map((condition) => {
    const operator = isJsonObject(condition['operator']) ? condition['operator'] : {};
    return {
      type: textAt(operator, ['type'], 'string'),
      operation: textAt(operator, ['operation'], 'equals'),
      left: condition['leftValue'],
      right: operator['singleValue'] === true ? null : condition['rightValue'],
    };
  });
}

/** Lists by type: `{ "string": [{ "value1", "operation", "value2" }] }`. */
function oldForm(conditions: JsonObject): readonly Comparison[] {
  return Object.entries(conditions).flatMap(([type, list]) =>
    Array.isArray(list)
      ? (list as readonly Json[]).filter(isJsonObject).map((condition) => ({
          type,
          operation: textAt(condition, ['operation'], own(OLD_DEFAULTS, type) ?? 'equal'),
          left: condition['value1'],
          right: condition['value2'] ?? (type === 'boolean' ? false : ''),
        }))
      : [],
  );
}

const OLD_DEFAULTS: Readonly<Record<string, string>> = { number: 'smaller', dateTime: 'after' };

/** The old names of operations, by the new. */
const NAMES: Readonly<Record<string, string>> = {
  equal: 'equals',
  notEqual: 'notEquals',
  larger: 'gt',
  largerEqual: 'gte',
  smaller: 'lt',
  smallerEqual: 'lte',
  isEmpty: 'empty',
  isNotEmpty: 'notEmpty',
  afterOrEquals: 'gte',
  beforeOrEquals: 'lte',
  after: 'gt',
  before: 'lt',
};
const OPERATORS: Readonly<Record<string, string>> = {
  equals: '=',
  notEquals: '!=',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
};

/** One comparison, of a rule of an old Switch, too. */
export function compare(
  { type, operation }: Pick<Comparison, 'type' | 'operation'>,
  left: Piece,
  right: Piece,
  ignoresCase = false,
): Piece | undefined {
  const name = own(NAMES, operation) ?? operation;
  const negated = /^(?:not(?=[A-Z])|does(?=Not))/.test(name) && name !== 'notEquals';
  const plain = negated ? name.charAt(3).toLowerCase() + name.slice(4) : name;
  const made = positive(type, plain, left, right, ignoresCase);
  return made && negated ? whole(`$not(${made.text})`, 'boolean') : made;
}

function positive(
  type: string,
  name: string,
  left: Piece,
  right: Piece,
  ignoresCase: boolean,
): Piece | undefined {
  if (name === 'exists') return whole(`$exists(${left.text})`, 'boolean');
  if (name === 'empty') return whole(`$not($boolean(${left.text}))`, 'boolean');
  if (type === 'boolean' && (name === 'true' || name === 'false')) {
    return infix(left, '=', literal(name === 'true'), [40, 'boolean']);
  }
  if (type === 'array' && name.startsWith('length')) {
    const operator = own(OPERATORS, name.charAt(6).toLowerCase() + name.slice(7));
    return (
      (operator && infix(whole(`$count(${left.text})`), operator, asNumber(right), [40, 'boolean'])) ||
      undefined
    );
  }
  const operator = own(OPERATORS, name);
  if (type === 'dateTime')
    return (operator && infix(millis(left), operator, millis(right), [40, 'boolean'])) || undefined;
  if (type === 'number')
    return (operator && infix(asNumber(left), operator, asNumber(right), [40, 'boolean'])) || undefined;
  if (type === 'boolean')
    return (operator && infix(left, operator, asBoolean(right), [40, 'boolean'])) || undefined;
  if (operator === '=' || operator === '!=')
    return infix(folded(left, ignoresCase), operator, folded(right, ignoresCase), [40, 'boolean']);
  if (name === 'contains')
    return includes(
      folded(left, ignoresCase && type !== 'array'),
      folded(right, ignoresCase && type !== 'array'),
    );
  if (name === 'startsWith') return startsWith(folded(left, ignoresCase).text, folded(right, ignoresCase));
  if (name === 'endsWith') return endsWith(folded(left, ignoresCase).text, folded(right, ignoresCase));
  if (name === 'regex') return pattern(left, right);
  return undefined;
}

function folded(piece: Piece, ignoresCase: boolean): Piece {
  return ignoresCase ? whole(`$lowercase(${piece.text})`, 'text') : piece;
}

function asNumber(piece: Piece): Piece {
  if (piece.type === 'number') return piece;
  if (piece.type !== 'text') return piece;
  const number = Number(/^"(.*)"$/.exec(piece.text)?.[1]);
  return Number.isNaN(number) ? whole(`$number(${piece.text})`, 'number') : literal(number);
}

function asBoolean(piece: Piece): Piece {
  return piece.text === '"true"' || piece.text === '"false"' ? literal(piece.text === '"true"') : piece;
}

function millis(piece: Piece): Piece {
  return whole(`$toMillis(${within(piece, 20)})`, 'number');
}

/** `/…/i` or the pattern alone, as a literal of JSONata. */
function pattern(left: Piece, right: Piece): Piece | undefined {
  if (!/^".*"$/s.test(right.text)) return undefined;
  const written = JSON.parse(right.text) as string;
  const [, body = written, flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(written) ?? [];
  const allowed = flags.replace('g', '');
  if (body === '' || /[\n]/.test(body) || /[^im]/.test(allowed)) return undefined;
  return whole(`$contains(${left.text}, /${body.replace(/(?<!\\)\//g, '\\/')}/${allowed})`, 'boolean');
}
