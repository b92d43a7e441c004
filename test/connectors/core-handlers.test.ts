import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';

import { findOperation } from '#connectors/definitions.ts';
import { findHandler } from '#connectors/handlers.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { stepContext } from './step-context.ts';

async function run(type: string, settings: JsonObject): Promise<unknown> {
  const input = findOperation(type, 1)!.operation.input.parse(settings) as JsonObject;
  return findHandler(type, 1)!(input, stepContext());
}

const TRUTH: readonly [Json, boolean][] = [
  [true, true],
  [false, false],
  [null, false],
  [0, false],
  [-1, true],
  ['', false],
  ['false', true],
  [[], false],
  [[0], false],
  [[[]], false],
  [[0, '', 3], true],
  [[[0, [1]]], true],
  [{}, false],
  [{ a: false }, true],
];

describe('conditions', () => {
  it.each(TRUTH)('%j is %j, as in JSONata', async (condition, holds) => {
    expect(await jsonata('$boolean(value)').evaluate({ value: condition })).toBe(holds);
    expect(await run('core.if', { condition })).toEqual({ output: holds, ports: [String(holds)] });
    expect(await run('core.filter', { condition })).toEqual({ output: holds, ports: holds ? ['out'] : [] });
  });
});

describe('the other actions of a flow', () => {
  it('maps to any value, null and texts too', async () => {
    for (const output of [{ a: [1] }, 'text', null, 0])
      expect(await run('core.map', { output })).toEqual({ output });
  });

  it('sets the reply, 200 and null by default', async () => {
    expect(await run('core.respond', {})).toEqual({
      output: null,
      reply: { status: 200, headers: {}, body: null },
    });
    const settings = { status: 201, headers: { 'x-a': 'b' }, body: { id: 1 } };
    expect(await run('core.respond', settings)).toEqual({ output: { id: 1 }, reply: settings });
  });

  it('ends the run and follows nothing', async () => {
    expect(await run('core.stop', {})).toEqual({
      output: { status: 'succeeded', message: null },
      ports: [],
      end: { status: 'succeeded' },
    });
    expect(await run('core.stop', { status: 'failed', message: 'No stock' })).toEqual({
      output: { status: 'failed', message: 'No stock' },
      ports: [],
      end: { status: 'failed', message: 'No stock' },
    });
  });
});
