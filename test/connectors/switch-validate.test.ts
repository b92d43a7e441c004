import { describe, expect, it } from 'vitest';

import { catalog } from '#connectors/definitions.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { failureOf, runAction } from './run-action.ts';

describe('core.switch', () => {
  const cases = (...held: readonly Json[]) => held.map((when, index) => ({ port: `p${index}`, when }));

  it.each<[string, JsonObject, readonly string[]]>([
    ['the first true case', { cases: cases(false, 1, 'yes') }, ['p1']],
    ['every true case', { cases: cases(false, 1, 'yes'), mode: 'all' }, ['p1', 'p2']],
    ['default, when none is true', { cases: cases(0, null, '', []) }, ['default']],
    ['default, in mode all too', { cases: cases(false), mode: 'all' }, ['default']],
  ])('follows %s', async (_, settings, ports) => {
    expect(await runAction('core.switch', settings)).toEqual({ output: ports, ports });
  });

  const type = catalog('core.switch', 1)!;

  it('has the ports of its cases and default, also while it is being edited', () => {
    const portsOf = (...ports: readonly Json[]) =>
      type.ports({ cases: ports.map((port) => ({ port, when: true })) });
    expect(portsOf('large', 'Small-1')).toEqual(['large', 'Small-1', 'default']);
    expect(portsOf('a', 'a', '', 'error', 'default', '1x', 7, { $expr: '"b"' })).toEqual(['a', 'default']);
    expect(type.ports({ cases: { $expr: 'trigger.cases' } })).toEqual(['default']);
    expect(type.ports({})).toEqual(['default']);
  });

  it.each<[string, JsonObject, string, string]>([
    ['no cases', { cases: [] }, '/cases', 'setting_invalid'],
    ['a bad name', { cases: [{ port: 'a b', when: 1 }] }, '/cases/0/port', 'setting_invalid'],
    ['the name error', { cases: [{ port: 'error', when: 1 }] }, '/cases/0/port', 'setting_invalid'],
    ['the name default', { cases: [{ port: 'default', when: 1 }] }, '/cases/0/port', 'setting_invalid'],
    [
      'a name twice',
      { cases: [1, 2].map((when) => ({ port: 'a', when: { $expr: `${when}` } })) },
      '/cases/1/port',
      'setting_invalid',
    ],
    [
      'a computed name',
      { cases: [{ port: { $expr: '"a"' }, when: 1 }] },
      '/cases/0/port',
      'expression_not_allowed',
    ],
    ['a computed case', { cases: [{ $expr: 'trigger.case' }] }, '/cases/0', 'expression_not_allowed'],
    ['computed cases', { cases: { $expr: 'trigger.cases' } }, '/cases', 'expression_not_allowed'],
    ['a computed mode', { cases: cases(1), mode: { $expr: '"all"' } }, '/mode', 'expression_not_allowed'],
  ])('is not published with %s', (_, config, pointer, code) => {
    expect(type.checkConfig(config)).toEqual([
      expect.objectContaining({ level: 'blocks_publish', pointer, code }),
    ]);
  });

  it('says which names are taken and which are there twice', () => {
    const [fault] = type.checkConfig({ cases: ['a', 'a'].map((port) => ({ port, when: { $expr: '1' } })) });
    expect(fault?.message).toContain('another case has the port "a" already');
  });
});

describe('core.validate', () => {
  const order = { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } };

  it('passes on what matches', async () => {
    expect(await runAction('core.validate', { value: { id: 7 }, schema: order })).toEqual({
      output: { id: 7 },
    });
  });

  it('lists what does not match', async () => {
    const schema = {
      ...order,
      properties: { id: { type: 'integer' }, mail: { type: 'string', format: 'email' } },
      additionalProperties: false,
    };
    const error = await failureOf('core.validate', {
      value: { id: 'x', mail: 'nobody', more: 1 },
      schema,
    });
    expect(error).toMatchObject({ kind: 'invalid', code: 'value_invalid', pointer: '/config/value' });
    expect(error.detail).toEqual([
      { pointer: '/more', message: 'must NOT have additional properties' },
      { pointer: '/id', message: 'must be integer' },
      { pointer: '/mail', message: 'must match format "email"' },
    ]);
    expect(error.message).toBe(
      'The value does not match the schema: "/more" must NOT have additional properties, and 2 more.',
    );
  });

  it('lists fifty at most, and counts the rest', async () => {
    const value = Array.from({ length: 80 }, (_, index) => index);
    const error = await failureOf('core.validate', { value, schema: { items: { type: 'string' } } });
    expect(error.detail).toHaveLength(50);
    expect(error.message).toContain('and 79 more');
  });

  it('says that a schema cannot be used, and where', async () => {
    const schema = { properties: { a: { type: 'strin' } } };
    expect(await failureOf('core.validate', { value: 1, schema })).toMatchObject({
      code: 'schema_invalid',
      pointer: '/config/schema/properties/a/type',
    });
  });

  it.each<[string, JsonObject, Json]>([
    ['a pattern', { pattern: '^(a+)+$' }, `${'a'.repeat(50_000)}!`],
    [
      'unique objects',
      { uniqueItems: true },
      Array.from({ length: 20_000 }, (_, id) => ({ id })).concat({ id: 7 }),
    ],
    ['a schema that only names itself', { $ref: '#' }, 1],
  ])('is not held up by %s', async (_, schema, value) => {
    const startedAt = performance.now();
    expect(await failureOf('core.validate', { value, schema })).toMatchObject({ code: 'value_invalid' });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it.each<[Json, boolean]>([
    [
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      false,
    ],
    [[1, '1', true, null, [], {}], true],
    [[[1], [1, '[]']], true],
    [[{ a: [{}] }, { a: [[]] }], true],
    [[0.5, 0.5], false],
  ])('knows whether the items of %j are unique', async (value, isUnique) => {
    const result = runAction('core.validate', { value, schema: { uniqueItems: true } });
    if (isUnique) expect(await result).toEqual({ output: value });
    else await expect(result).rejects.toThrow('must not have the same item twice');
  });
});
