import type { Json } from '../../json.ts';
import { literal, whole } from '../js/jsonata-text.ts';
import { at, objectsAt, textAt } from '../json-fields.ts';
import { expr, toWrite } from '../mapped.ts';
import { many } from './item-data.ts';
import { compare, conditionText } from './n8n-conditions.ts';
import { askValue, becomes, type N8nMapping, type N8nNode } from './n8n-node.ts';

/** The nodes that choose where to go on: If, Filter, Switch. */
export const branch: N8nMapping = (node) => ({
  outcome: 'node',
  node: { type: 'core.if', config: { condition: conditionOf(node) } },
  port: (output) => ['true', 'false'][output],
  data: () => node.input(),
});

export const filter: N8nMapping = (node) => {
  const input = node.input();
  if (input.kind !== 'many') return becomes(node, 'core.filter', { condition: conditionOf(node) }, input);
  const text = conditionText(at(node.parameters, 'conditions'), {
    values: node.itemValues,
    hint: node.hint,
    place: 'Condition',
  });
  const output =
    text === undefined ? toWrite('') : expr(`[$filter(${input.text}, function($item) { ${text} })]`);
  if (text === undefined) askCondition(node);
  return becomes(node, 'core.map', { output }, many(`steps.${node.id}`));
};

function conditionOf(node: N8nNode): Json {
  const isAny = textAt(
    node.parameters,
    ['combineOperation'],
    textAt(node.parameters, ['combineConditions'], 'all'),
  ).toLowerCase();
  const text = conditionText(at(node.parameters, 'conditions'), {
    values: node.values,
    hint: node.hint,
    place: 'Condition',
    isAny: isAny === 'any' || isAny === 'or',
  });
  if (text !== undefined) return expr(text);
  askCondition(node);
  return toWrite(JSON.stringify(at(node.parameters, 'conditions') ?? ''));
}

function askCondition(node: N8nNode): void {
  askValue(
    node,
    'Condition',
    'Part of it could not be translated for sure, so all of it is empty.',
    'Write the condition.',
  );
}

/** Ports are called `case_1`, `case_2` …, as in a new Switch here. */
export const choose: N8nMapping = (node) => {
  const { parameters, version } = node;
  const rules =
    version >= 3 ? objectsAt(parameters, 'rules', 'values') : objectsAt(parameters, 'rules', 'rules');
  if (textAt(parameters, ['mode'], 'rules') === 'expression' || rules.length === 0) return byNumber(node);
  const outputs = rules.map((rule, index) =>
    version < 2 ? Number(textAt(rule, ['output'], String(index))) : index,
  );
  const cases = rules.map((rule, index) => ({
    port: `case_${index + 1}`,
    when: version >= 3 ? newRule(node, rule, index) : oldRule(node, rule, index),
  }));
  const all = at(parameters, 'options', 'allMatchingOutputs') === true;
  const fallback = fallbackOutput(node, rules.length);
  if (new Set(outputs).size < outputs.length)
    askValue(
      node,
      'Cases',
      'Several rules lead to the same output.',
      'Connect each of these cases to what follows.',
    );
  return {
    outcome: 'node',
    node: { type: 'core.switch', config: { cases, mode: all ? 'all' : 'first' } },
    port: (output) =>
      output === fallback
        ? 'default'
        : outputs.includes(output)
          ? `case_${outputs.indexOf(output) + 1}`
          : undefined,
    data: () => node.input(),
  };
};

function fallbackOutput({ parameters, version }: N8nNode, count: number): number | undefined {
  const written =
    version >= 2 ? at(parameters, 'options', 'fallbackOutput') : at(parameters, 'fallbackOutput');
  if (written === 'extra') return count;
  return typeof written === 'number' && written >= 0 ? written : undefined;
}

function newRule(node: N8nNode, rule: Json, index: number): Json {
  const text = conditionText(at(rule, 'conditions'), {
    values: node.values,
    hint: node.hint,
    place: `Case ${index + 1}`,
  });
  if (text === undefined)
    askValue(node, `Case ${index + 1}`, 'Its condition is empty.', 'Write the condition.');
  return text === undefined ? toWrite(JSON.stringify(at(rule, 'conditions') ?? '')) : expr(text);
}

function oldRule(node: N8nNode, rule: Json, index: number): Json {
  const place = `Case ${index + 1}`;
  const type = textAt(node.parameters, ['dataType'], 'number');
  const left = node.values.piece(at(node.parameters, 'value1'), place);
  const right = node.values.piece(at(rule, 'value2') ?? at(rule, 'value'), place);
  const operation = textAt(rule, ['operation'], type === 'number' ? 'smaller' : 'equal');
  const made = left && right && compare({ type, operation }, left, right);
  if (made) return expr(made.text);
  askValue(node, place, `The comparison “${operation}” is not taken over.`, 'Write the condition.');
  return toWrite(JSON.stringify(rule));
}

/** An expression that gives the number of the output. */
function byNumber(node: N8nNode): ReturnType<N8nMapping> {
  const raw = at(node.parameters, 'output');
  const count = Math.min(Math.max(Number(textAt(node.parameters, ['numberOutputs'], '4')) || 4, 1), 50);
  const piece = node.values.piece(raw, 'Output') ?? undefined;
  const cases = Array.from({ length: count }, (_, index) => ({
    port: `case_${index + 1}`,
    when:
      piece === undefined
        ? toWrite(JSON.stringify(raw ?? ''))
        : expr(`${whole(`(${piece.text})`).text} = ${literal(index).text}`),
  }));
  return {
    outcome: 'node',
    node: { type: 'core.switch', config: { cases, mode: 'first' } },
    port: (output) => (output < count ? `case_${output + 1}` : undefined),
    data: () => node.input(),
  };
}
