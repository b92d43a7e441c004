import { own } from '../own.ts';
import type { JsonObject } from '../../json.ts';
import { includes } from '../js/js-methods.ts';
import { infix, literal, type Piece, whole } from '../js/jsonata-text.ts';
import { objectsAt, textAt } from '../json-fields.ts';
import { expr, toWrite } from '../mapped.ts';
import { ask, type RedMapping, type RedNode } from './red-node.ts';

/** Switch: each rule is a case; “otherwise” is the port `default`. */
export const ways: RedMapping = (node) => {
  const { settings, msg } = node;
  const rules = objectsAt(settings, 'rules');
  const property = node.values.piece(
    textAt(settings, ['property'], 'payload'),
    textAt(settings, ['propertyType'], 'msg'),
    'Property',
  );
  const ports = rules.map((rule, index) => (rule['t'] === 'else' ? 'default' : `case_${index + 1}`));
  const cases = rules.flatMap((rule, index) => {
    if (rule['t'] === 'else') return [];
    const condition = property && conditionOf(rule, property, node, `Case ${index + 1}`);
    return [
      {
        port: `case_${index + 1}`,
        when: condition === undefined ? toWrite(JSON.stringify(rule)) : expr(condition.text),
      },
    ];
  });
  const isFirst = textAt(settings, ['checkall'], 'true') === 'false';
  return {
    outcome: 'node',
    node: { type: 'core.switch', config: { cases, mode: isFirst ? 'first' : 'all' } },
    port: (output) => ports[output],
    data: () => msg,
  };
};

const COMPARISONS: Readonly<Record<string, string>> = {
  eq: '=',
  neq: '!=',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
};

function conditionOf(rule: JsonObject, of: Piece, node: RedNode, place: string): Piece | undefined {
  const kind = textAt(rule, ['t']);
  const operand = (key: string) => node.values.piece(rule[key], textAt(rule, [`${key}t`], 'str'), place);
  const operator = own(COMPARISONS, kind);
  if (operator !== undefined) return compared(of, operator, operand('v'));
  switch (kind) {
    case 'btwn': {
      const [low, high] = [compared(of, '>=', operand('v')), compared(of, '<=', operand('v2'))];
      return low && high && infix(low, 'and', high, [30, 'boolean']);
    }
    case 'cont': {
      const part = operand('v');
      return part && includes(of, part);
    }
    case 'regex': {
      const source = textAt(rule, ['v']);
      if (source === '' || textAt(rule, ['vt'], 'str') !== 'str') break;
      const flags = rule['case'] === true ? 'i' : '';
      return whole(
        `$contains($string(${of.text}), /${source.replace(/(?<!\\)\//g, '\\/')}/${flags})`,
        'boolean',
      );
    }
    case 'true':
    case 'false':
      return infix(of, '=', literal(kind === 'true'), [40, 'boolean']);
    case 'null':
      return whole(`((${of.text} ?? null) = null)`, 'boolean');
    case 'nnull':
      return whole(`((${of.text} ?? null) != null)`, 'boolean');
    case 'empty':
      return whole(`($exists(${of.text}) and $not($boolean(${of.text})))`, 'boolean');
    case 'nempty':
      return whole(`$boolean(${of.text})`, 'boolean');
    case 'hask': {
      const key = operand('v');
      return key && infix(key, 'in', whole(`$keys(${of.text})`), [40, 'boolean']);
    }
    case 'istype':
      return typed(of, textAt(rule, ['v']), node, place);
    case 'jsonata_exp':
      return node.values.piece(rule['v'], 'jsonata', place);
    default:
      break;
  }
  ask(node, place, `The rule “${kind}” is not taken over.`, 'Write the condition.', JSON.stringify(rule));
  return undefined;
}

/** Node-RED compares a number and its text as equal. */
function compared(of: Piece, operator: string, other: Piece | undefined): Piece | undefined {
  if (other === undefined) return undefined;
  if (operator === '=' || operator === '!=') {
    const asText = (piece: Piece) =>
      piece.type === 'text'
        ? piece
        : piece.type === 'number'
          ? literal(piece.text)
          : whole(`$string(${piece.text})`, 'text');
    return infix(asText(of), operator, asText(other), [40, 'boolean']);
  }
  return other.type === 'number'
    ? infix(whole(`$number(${of.text})`), operator, other, [40, 'boolean'])
    : infix(of, operator, other, [40, 'boolean']);
}

function typed(of: Piece, name: string, node: RedNode, place: string): Piece | undefined {
  if (['string', 'number', 'boolean', 'array', 'object', 'null'].includes(name)) {
    return infix(whole(`$type(${of.text})`), '=', literal(name), [40, 'boolean']);
  }
  ask(node, place, `The type “${name}” has no counterpart here.`, 'Write the condition.', name);
  return undefined;
}
