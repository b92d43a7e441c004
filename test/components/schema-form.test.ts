import { describe, expect, it } from 'vitest';

import { portProblem } from '#components/inspector/port-setting.tsx';
import { formFields, schemaFields } from '#components/inspector/form-model.ts';
import { startItem, startValue } from '#components/inspector/start-value.ts';
import { inputSchema, schemaStart, testInput } from '#components/canvas/test-input.ts';
import { catalog, findOperation } from '#connectors/definitions.ts';
import type { JsonObject } from '#core/json.ts';
import { testNode } from '#test/support/editor-flow.ts';
import { emptyFlow } from '#test/support/sample-flows.ts';

const schema: JsonObject = {
  type: 'object',
  required: ['customer', 'items'],
  properties: {
    customer: {
      type: 'object',
      required: ['id'],
      properties: { id: { type: 'string', examples: ['c_42'] }, vip: { type: 'boolean', default: false } },
    },
    priority: { enum: ['low', 'high'], default: 'low', description: 'How soon.' },
    amount: { type: 'number', title: 'In euros' },
    items: { type: 'array', items: { type: 'object', properties: { sku: { type: 'string' } } } },
    labels: { type: 'object' },
    anything: {},
    one: { const: 1 },
    maybe: { type: ['string', 'null'] },
  },
};

describe('the form of a JSON Schema', () => {
  const fields = schemaFields(schema) ?? [];
  const field = (name: string) => fields.find((each) => each.name === name);

  it('has a field for every property, of the kind that fits', () => {
    expect(fields.map(({ name, widget }) => `${name}: ${widget}`)).toEqual([
      'customer: object',
      'priority: select',
      'amount: number',
      'items: list',
      'labels: value',
      'anything: value',
      'one: select',
      'maybe: value',
    ]);
    expect(fields.every(({ allowsExpression }) => !allowsExpression)).toBe(true);
  });

  it('says what the schema says', () => {
    expect(field('priority')).toMatchObject({
      help: 'How soon.',
      defaultValue: 'low',
      options: ['low', 'high'],
    });
    expect(field('amount')).toMatchObject({ title: 'In euros', isRequired: false });
    expect(field('customer')).toMatchObject({ isRequired: true });
    expect(field('customer')?.fields?.[0]).toMatchObject({ isRequired: true, placeholder: 'c_42' });
    expect(field('items')?.item).toMatchObject({
      widget: 'object',
      fields: [{ name: 'sku', widget: 'text' }],
    });
  });

  it.each<JsonObject>([{}, { type: 'string' }, { type: 'object' }, { $ref: '#/$defs/a' }])(
    'is none for %j',
    (other) => {
      expect(schemaFields(other)).toBeNull();
    },
  );

  it('begins with the defaults and the objects that have to be', () => {
    expect(schemaStart(schema)).toEqual({ customer: { vip: false }, priority: 'low' });
    const flow = { ...emptyFlow('a'), nodes: [testNode('m', 'core.manual', { config: { schema } })] };
    expect(inputSchema(flow)).toBe(schema);
    expect(testInput(flow, catalog, {})).toEqual(schemaStart(schema));
  });
});

describe('a new case of a switch', () => {
  const operation = findOperation('core.switch', 1)?.operation;
  const cases = operation && formFields(operation.input).find(({ name }) => name === 'cases');
  const item = cases?.item;

  it('has a port of its own, and a condition to write', () => {
    if (!item) throw new Error('a switch has no cases');
    expect(startItem(item, [])).toEqual({ port: 'case_1', when: { $expr: '' } });
    expect(startItem(item, [{ port: 'case_2' }])).toEqual({ port: 'case_3', when: { $expr: '' } });
    expect(startItem(item, [{ port: 'a' }, { port: 'b' }])).toMatchObject({ port: 'case_3' });
  });

  it.each([
    ['large', null],
    ['default', /has a port “default” already/],
    ['error', /has a port “error” already/],
    ['small', /Another case/],
    ['', /keeps the old one/],
    ['1st', /Start with a letter/],
    ['two words', /Start with a letter/],
  ])('may be called %j: %s', (name, problem) => {
    if (problem === null) expect(portProblem(name, ['small'])).toBeNull();
    else expect(portProblem(name, ['small'])).toMatch(problem);
  });
});

it('approvers begin with one of the two ways', () => {
  const operation = findOperation('core.approval', 1)?.operation;
  const approvers = operation && formFields(operation.input).find(({ name }) => name === 'approvers');
  expect(approvers?.widget).toBe('either');
  expect(approvers?.fields?.map((field) => startValue(field))).toEqual([expect.any(String), ['']]);
});
