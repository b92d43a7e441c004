import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { formFields, humanName, shownFields } from '#components/inspector/form-model.ts';
import type { FormField } from '#components/inspector/form-model.ts';
import { CONNECTORS, findOperation } from '#connectors/definitions.ts';

const fieldsOf = (type: string): FormField[] => {
  const found = findOperation(type, 1);
  if (!found) throw new Error(`no ${type} in the registry`);
  return formFields(found.operation.input);
};
const field = (fields: readonly FormField[], name: string): FormField => {
  const found = fields.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no field ${name}`);
  return found;
};

describe('the form of an operation', () => {
  it('has a field with a title for every setting of every operation', () => {
    for (const { operations } of CONNECTORS) {
      for (const operation of operations) {
        const fields = formFields(operation.input);
        expect(fields.map(({ name }) => name)).toEqual(Object.keys(operation.input.shape));
        expect(fields.every(({ title }) => title !== '')).toBe(true);
      }
    }
  });

  it('draws an HTTP request', () => {
    const fields = fieldsOf('http.request');
    expect(field(fields, 'method')).toMatchObject({
      widget: 'select',
      defaultValue: 'GET',
      allowsExpression: true,
    });
    expect(field(fields, 'url')).toMatchObject({
      widget: 'text',
      isRequired: true,
      placeholder: expect.stringContaining('https://'),
    });
    expect(field(fields, 'headers')).toMatchObject({ widget: 'key_values', isRequired: false });
    expect(field(fields, 'body')).toMatchObject({ widget: 'value', isRequired: false });
  });

  it('draws a webhook: a form for each signature scheme, literals only', () => {
    const fields = fieldsOf('core.webhook');
    const verify = field(fields, 'verify');
    expect(verify).toMatchObject({ widget: 'union', discriminator: 'scheme', allowsExpression: false });
    const variant = (value: string) => verify.variants?.find((candidate) => candidate.value === value);
    expect(verify.variants).toHaveLength(10);
    expect(variant('github')?.fields).toEqual([]);
    expect(variant('hmac')?.fields.map(({ name }) => name)).toContain('timestampHeader');
    expect(variant('hmac')?.fields.every(({ allowsExpression }) => !allowsExpression)).toBe(true);
    expect(field(variant('jwt')?.fields ?? [], 'algorithms')).toMatchObject({
      widget: 'list',
      item: { widget: 'select' },
    });
    expect(field(fields, 'dedupe')).toMatchObject({
      widget: 'expression',
      isExpressionOnly: true,
      isAdvanced: true,
    });
    expect(field(fields, 'ipAllow')).toMatchObject({ widget: 'list', isAdvanced: true });
    expect(field(fields, 'schema')).toMatchObject({ widget: 'json' });
  });

  it('draws what a schema can hold', () => {
    const fields = formFields(
      z.strictObject({
        isOn: z.boolean(),
        count: z.int().optional(),
        inner: z.strictObject({ apiUrl: z.string() }),
        tags: z.array(z.string()),
        any: z.unknown(),
        long: z.string().meta({ widget: 'textarea' }),
      }),
    );
    expect(fields.map(({ name, widget }) => [name, widget])).toEqual([
      ['isOn', 'switch'],
      ['count', 'number'],
      ['inner', 'object'],
      ['tags', 'list'],
      ['any', 'value'],
      ['long', 'textarea'],
    ]);
    expect(field(fields, 'inner').fields).toMatchObject([
      { title: 'API URL', widget: 'text', isRequired: true },
    ]);
    expect(field(fields, 'count').isRequired).toBe(false);
  });
});

describe('settings that depend on another', () => {
  const names = (config: Record<string, string | { $expr: string }>) =>
    shownFields(fieldsOf('http.request'), config).map(({ name }) => name);
  it('are shown for the values that need them, the default included', () => {
    expect(names({})).not.toContain('body');
    expect(names({ method: 'GET' })).not.toContain('body');
    expect(names({ method: 'POST' })).toContain('body');
  });
  it('are shown where an expression decides', () => {
    expect(names({ method: { $expr: 'vars.method' } })).toContain('body');
  });
});

it.each([
  ['respondTimeoutSeconds', 'Respond timeout seconds'],
  ['json', 'JSON'],
  ['api_url', 'API URL'],
  ['accepted', 'Accepted'],
])('%s reads %s', (name, words) => {
  expect(humanName(name)).toBe(words);
});
