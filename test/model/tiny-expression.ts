import type { Json } from '#core/json.ts';

import { parseExpression, type Node } from './tiny-parser.ts';

/** What can be named. */
export type Names = Readonly<Record<string, Json | undefined>>;

/** An expression that cannot be evaluated; the step fails with `expression_failed`. */
export class ExpressionFault extends Error {}

/** A value with its `$expr` and `$tpl` evaluated. Throws `ExpressionFault`. */
export function evaluateValue(value: Json | undefined, names: Names): Json {
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.map((each: Json) => evaluateValue(each, names));
  if (typeof value !== 'object' || value === null) return value;
  const object = value as Readonly<Record<string, Json>>;
  if (typeof object['$expr'] === 'string') return evaluate(parseExpression(object['$expr']), names) ?? null;
  if (typeof object['$tpl'] === 'string') return fill(object['$tpl'], names);
  return Object.fromEntries(Object.entries(object).map(([key, each]) => [key, evaluateValue(each, names)]));
}

function fill(template: string, names: Names): string {
  return template.replaceAll(/\{\{(.*?)\}\}/g, (_, source: string) => {
    const value = evaluate(parseExpression(source), names);
    if (value === undefined) throw new ExpressionFault('text can show no gap');
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

function evaluate(node: Node, names: Names): Json | undefined {
  switch (node.kind) {
    case 'literal':
      return node.value;
    case 'path':
      return node.names.slice(1).reduce<Json | undefined>(fieldOf, names[node.names[0] ?? '']);
    case 'count': {
      const list = evaluate(node.list, names);
      return Array.isArray(list) ? list.length : list === undefined ? 0 : 1;
    }
    case 'list':
      return node.items.flatMap((item): Json[] => {
        const value = evaluate(item, names);
        return value === undefined ? [] : [value];
      });
    case 'operation':
      return operate(node, names);
  }
}

function fieldOf(value: Json | undefined, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const object = value as Readonly<Record<string, Json>>;
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function operate(node: Node & { kind: 'operation' }, names: Names): Json | undefined {
  const left = evaluate(node.left, names);
  if (node.operator === '?:') return isTrue(left) ? left : evaluate(node.right, names);
  const right = evaluate(node.right, names);
  switch (node.operator) {
    case '=':
      return left !== undefined && right !== undefined && JSON.stringify(left) === JSON.stringify(right);
    case '<':
    case '>':
      return compare(node.operator, left, right);
    case '+':
    case '-':
    case '*':
    case '%':
      return calculate(node.operator, left, right);
  }
}

/** A gap on either side makes a gap; anything else that is no number is a fault. */
function calculate(
  operator: '+' | '-' | '*' | '%',
  left: Json | undefined,
  right: Json | undefined,
): Json | undefined {
  if (left !== undefined && typeof left !== 'number') throw new ExpressionFault('not a number');
  if (right !== undefined && typeof right !== 'number') throw new ExpressionFault('not a number');
  if (left === undefined || right === undefined) return undefined;
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  return operator === '*' ? left * right : left % right;
}

function compare(operator: '<' | '>', left: Json | undefined, right: Json | undefined): Json | undefined {
  for (const side of [left, right]) {
    if (side !== undefined && typeof side !== 'number' && typeof side !== 'string')
      throw new ExpressionFault('cannot be compared');
  }
  if (left === undefined || right === undefined) return undefined;
  if (typeof left !== typeof right) throw new ExpressionFault('cannot be compared');
  const [small, large] = operator === '<' ? [left, right] : [right, left];
  return (small ?? 0) < (large ?? 0);
}

/** Empty texts, lists and objects, 0, null and gaps count as false; a list with a true item counts as true. */
export function isTrue(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.some((item: Json) => isTrue(item));
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}
