import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Run } from '#core/api/runs.ts';
import type { Json } from '#core/json.ts';
import { jsonPointer } from '#core/fault.ts';
import { cutValues } from '#core/json-part/cut-values.ts';
import { jsonPart, valueAt } from '#core/json-part/json-part.ts';

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;

/** Reads a value as a page would that opens everything. */
function readAll(value: Json, pointer: string, limit: number): Json {
  const at = valueAt(value, pointer)!;
  const parts = [];
  for (let from = 0; ;) {
    const part = jsonPart(at, { from, limit });
    parts.push(part);
    from += part.text === null ? part.entries.length : part.text.length;
    if (part.kind === 'scalar' || from >= part.size) break;
  }
  const [{ kind }] = parts as [(typeof parts)[number]];
  if (kind === 'text') return parts.map(({ text }) => text).join('');
  if (kind === 'scalar') return JSON.parse(parts[0]!.text!) as Json;
  const entries = parts.flatMap((part) =>
    part.entries.map((entry) => [
      entry.key,
      entry.isWhole ? entry.value : readAll(value, pointer + jsonPointer([entry.key]), limit),
    ]),
  );
  return kind === 'list' ? entries.map(([, part]) => part as Json) : (Object.fromEntries(entries) as Json);
}

describe('the parts of a value', () => {
  test('are, put together, the value', () => {
    const large = json.map((value) => ({
      a: value,
      'b/~': [value, 'x'.repeat(5_000), { deep: 'y'.repeat(2_000) }],
    }));
    fc.assert(
      fc.property(large, fc.integer({ min: 1, max: 7 }), (value, limit) => {
        expect(readAll(value, '', limit)).toEqual(value);
      }),
      { numRuns: 200 },
    );
  });

  test('are small, however large the value is', () => {
    const list = Array.from({ length: 20_000 }, (_, index) => ({ index, text: 'z'.repeat(900) }));
    const part = jsonPart(list, { from: 100, limit: 100 });
    expect([part.size, part.entries[0]?.key, part.entries.length]).toEqual([20_000, '100', 100]);
    expect(JSON.stringify(part).length).toBeLessThan(120_000);
    expect(jsonPart({ all: list }, { from: 0, limit: 100 }).entries).toEqual([
      { key: 'all', kind: 'list', size: 20_000, value: null, isWhole: false },
    ]);
  });

  test.each(['/none', '/a/0/1', '/a/01', '/a/-1', 'a', '/toString', '/a/length'])('none at %s', (pointer) => {
    expect(valueAt({ a: [1] }, pointer)).toBeUndefined();
  });
});

test('large values are left out of a run and named; all else stays', () => {
  const text = 'x'.repeat(200);
  const step = { nodeId: 'post', key: '3', input: { text }, output: 'small', status: 'failed' };
  const run = {
    trigger: { body: text, method: 'POST' },
    output: 'small',
    steps: [step],
    cut: [],
  } as unknown as Run;
  expect(cutValues(run, 100)).toMatchObject({
    trigger: { body: null, method: 'POST' },
    output: 'small',
    steps: [{ nodeId: 'post', input: null, output: 'small', status: 'failed' }],
    cut: [
      { of: 'trigger', node: null, key: '', bytes: 202 },
      { of: 'step_input', node: 'post', key: '3', bytes: 211 },
    ],
  });
  expect(cutValues(run, 300)).toEqual(run);
});
