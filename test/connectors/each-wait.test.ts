import { describe, expect, it } from 'vitest';

import type { HandlerResult, StepContext } from '#connectors/contract.ts';
import { findOperation } from '#connectors/definitions.ts';
import { findHandler } from '#connectors/handlers.ts';
import type { JsonObject } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';
import { stepContext } from './step-context.ts';

const NOW = Date.parse('2026-01-15T09:30:00Z');

async function run(
  type: string,
  settings: JsonObject,
  rest: Partial<StepContext> = {},
): Promise<HandlerResult> {
  const input = findOperation(type, 1)!.operation.input.parse(settings) as JsonObject;
  return findHandler(type, 1)!(input, stepContext({ now: NOW, ...rest }));
}

async function codeOf(type: string, settings: JsonObject): Promise<string> {
  const error: unknown = await run(type, settings).catch((thrown: unknown) => thrown);
  return error instanceof StepFailure ? error.error.code : 'none';
}

describe('core.each', () => {
  it('opens a list, one at a time and failing with the first item unless told otherwise', async () => {
    expect(await run('core.each', { items: [1, 'two', null] })).toEqual({
      output: { items: [1, 'two', null], concurrency: 1, onItemError: 'fail' },
    });
  });

  it.each([[{ a: 1 }], ['text'], [null], [7], [true]])('refuses %j: it is no list', async (items) => {
    expect(await codeOf('core.each', { items })).toBe('items_not_a_list');
  });

  it('takes 100,000 items and no more', async () => {
    expect(await codeOf('core.each', { items: new Array<number>(100_000).fill(0) })).toBe('none');
    expect(await codeOf('core.each', { items: new Array<number>(100_001).fill(0) })).toBe('too_many_items');
  });
});

describe('core.wait', () => {
  it.each([
    [{ seconds: 90 }, NOW + 90_000],
    [{ seconds: 0.5 }, NOW + 500],
    [{ until: '2026-01-15T10:00:00Z' }, NOW + 1_800_000],
    [{ until: '2026-01-15T11:00:00+01:00' }, NOW + 1_800_000],
    [{ until: '2026-01-15T10:00' }, NOW + 1_800_000],
    [{ until: '2026-01-16' }, Date.parse('2026-01-16T00:00:00Z')],
    [{ until: NOW + 1 }, NOW + 1],
  ])('%j suspends the step', async (settings, until) => {
    expect(await run('core.wait', settings)).toEqual({ suspend: { for: 'time', until, state: null } });
  });

  it.each([[{ seconds: 0 }], [{ until: '2020-01-01' }], [{ until: NOW }]])(
    '%j does not wait',
    async (settings) => {
      expect(await run('core.wait', settings)).toEqual({ output: { resumedAt: '2026-01-15T09:30:00.000Z' } });
    },
  );

  it('is done once its time has come, whatever the settings come to then', async () => {
    const resumed = { state: null, signal: null };
    expect(await run('core.wait', { seconds: 90 }, { resumed })).toEqual({
      output: { resumedAt: '2026-01-15T09:30:00.000Z' },
    });
  });

  it.each([
    [{ until: 'tomorrow' }],
    [{ until: '15.1.2026' }],
    [{ until: '2026-13-01' }],
    [{ until: 9e15 }],
    [{ until: '2030-01-01' }],
  ])('%j is no time to wait for', async (settings) => {
    expect(await codeOf('core.wait', settings)).toBe('invalid_time');
  });

  it('wants either seconds or a time', () => {
    const { input } = findOperation('core.wait', 1)!.operation;
    for (const settings of [{}, { seconds: 1, until: '2026-01-16' }])
      expect(input.safeParse(settings).success).toBe(false);
  });
});
