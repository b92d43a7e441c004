import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { layOutWaterfall as layOut, niceTicks } from '#components/runs/waterfall-layout.ts';
import { stepWords } from '#components/runs/step-words.ts';
import { stepLooks } from '#connectors/looks.ts';
import type { Attempt, Run, Step } from '#core/api/runs.ts';
import { sampleStep } from '#test/support/sample-step.ts';

const { labelOf } = stepWords(stepLooks());
const layOutWaterfall = (of: Parameters<typeof layOut>[0], nowMs: number) => layOut(of, nowMs, labelOf);

const START = Date.parse('2026-07-27T10:00:00.000Z');
const at = (ms: number) => new Date(START + ms).toISOString();
const fault = { kind: 'transient', code: 'connect_refused', message: 'No.' } as const;

function attempt(number: number, from: number, to: number | null, error: Attempt['error'] = null): Attempt {
  return { number, startedAt: at(from), finishedAt: to === null ? null : at(to), error };
}

function step(nodeId: string, status: Step['status'], attempts: Attempt[], more: Partial<Step> = {}): Step {
  const isOver = status !== 'running' && status !== 'waiting';
  return sampleStep(nodeId, {
    status,
    ports: [],
    startedAt: attempts[0]?.startedAt ?? null,
    finishedAt: isOver ? (attempts.at(-1)?.finishedAt ?? null) : null,
    attempts,
    ...more,
  });
}

function run(
  steps: Step[],
  finishedMs: number | null = 1_000,
): Pick<Run, 'createdAt' | 'startedAt' | 'finishedAt' | 'status' | 'steps' | 'document'> {
  const node = (id: string, label?: string) => ({ id, type: 'core.map', version: 1, config: {}, label });
  return {
    createdAt: at(0),
    startedAt: at(0),
    finishedAt: finishedMs === null ? null : at(finishedMs),
    status: finishedMs === null ? 'running' : 'succeeded',
    steps,
    document: {
      format: 1,
      name: 'Flow',
      slug: 'flow',
      description: '',
      settings: {},
      nodes: [node('hook', 'New order'), node('map'), node('post')],
      edges: [
        { from: 'hook', to: 'map' },
        { from: 'map', to: 'post' },
      ],
      notes: [],
      pins: {},
    },
  };
}

describe('layOutWaterfall', () => {
  test('names a step by its node’s label, else by what it does, else by its type', () => {
    const { rows } = layOutWaterfall(run(['hook', 'map'].map((id) => step(id, 'succeeded', []))), START);
    expect(rows.map(({ label }) => label)).toEqual(['New order', 'Map']);
    expect(labelOf({ type: 'lost.one', version: 3 })).toBe('lost.one');
  });

  test('draws the wait in the queue before the first step', () => {
    const [row] = layOutWaterfall(run([step('hook', 'succeeded', [attempt(1, 200, 300)])]), START).rows;
    expect(row?.label).toBe('New order');
    expect(row?.waits).toEqual([{ kind: 'start', ms: 200, from: 0, to: 0.2 }]);
    expect(row?.bars).toEqual([{ from: 0.2, to: 0.3, number: 1, status: 'succeeded', ms: 100 }]);
    expect(row?.ms).toBe(100);
  });

  test('the time in the queue stands apart, and grows until a worker takes the run', () => {
    const queueOf = (startedMs: number | null, end: number | null, now: number) => {
      const startedAt = startedMs === null ? null : at(startedMs);
      return layOutWaterfall({ ...run([], end), startedAt }, START + now).queue;
    };
    expect(queueOf(250, 1_000, 0)).toEqual({ from: 0, to: 0.25, ms: 250 });
    expect(queueOf(null, null, 400)).toEqual({ from: 0, to: 1, ms: 400 });
    expect(queueOf(null, 1_000, 0), 'cancelled before').toBeNull();
  });

  test('a step that was taken over has no place in the time of this run', () => {
    const reused = step('hook', 'succeeded', [attempt(1, -5_000, -4_000)], { isReused: true });
    const later = step('map', 'succeeded', [attempt(1, 5_000, 9_000)], { isReused: true });
    const drawn = layOutWaterfall(
      run([reused, later, step('post', 'succeeded', [attempt(1, 0, 500)])]),
      START,
    );
    expect(drawn.totalMs).toBe(1_000);
    expect(drawn.rows.map(({ bars, waits, ms }) => [bars.length, waits.length, ms])).toEqual([
      [0, 0, null],
      [0, 0, null],
      [1, 0, 500],
    ]);
  });

  test('a step waits from the end of the step before it, not from the beginning of the run', () => {
    const steps = [
      step('hook', 'succeeded', [attempt(1, 0, 100)]),
      step('map', 'succeeded', [attempt(1, 400, 500)]),
    ];
    const map = layOutWaterfall(run(steps), START).rows[1];
    expect(map?.waits).toEqual([{ kind: 'start', ms: 300, from: 0.1, to: 0.4 }]);
    expect(map?.label, 'the name of its operation').toBe('Map');
  });

  test('retries are bars of their own with the waits between them', () => {
    const attempts = [attempt(1, 0, 100, fault), attempt(2, 400, 500, fault), attempt(3, 900, 1_000)];
    const [row] = layOutWaterfall(run([step('hook', 'succeeded', attempts)]), START).rows;
    expect(row?.bars.map((bar) => bar.status)).toEqual(['failed', 'failed', 'succeeded']);
    expect(row?.waits).toEqual([
      { kind: 'retry', ms: 300, from: 0.1, to: 0.4 },
      { kind: 'retry', ms: 400, from: 0.5, to: 0.9 },
    ]);
    expect([row?.ms, row?.waitMs]).toEqual([1_000, 700]);
  });

  test('a waiting step waits up to now', () => {
    const waiting = step('hook', 'waiting', [attempt(1, 0, 100, fault)], { nextAttemptAt: at(5_000) });
    const { rows, totalMs } = layOutWaterfall(run([waiting], null), START + 2_000);
    expect(totalMs).toBe(2_000);
    expect(rows[0]?.bars.map((bar) => bar.status)).toEqual(['failed']);
    expect(rows[0]?.waits).toEqual([{ kind: 'now', ms: 1_900, from: 0.05, to: 1 }]);
    expect(rows[0]?.ms).toBe(2_000);
  });

  test('a running attempt grows until now', () => {
    const [row] = layOutWaterfall(
      run([step('hook', 'running', [attempt(1, 500, null)])], null),
      START + 1_000,
    ).rows;
    expect(row?.bars).toEqual([{ from: 0.5, to: 1, number: 1, status: 'running', ms: 500 }]);
  });

  test.each([
    ['failed', 'failed'],
    ['in_doubt', 'in_doubt'],
    ['cancelled', 'cancelled'],
  ] as const)('the last attempt of a step %s is %s', (status, expected) => {
    const [row] = layOutWaterfall(run([step('hook', status, [attempt(1, 0, 10, fault)])]), START).rows;
    expect(row?.bars[0]?.status).toBe(expected);
  });

  test('a skipped step has neither bar nor time', () => {
    const [row] = layOutWaterfall(run([step('post', 'skipped', [])]), START).rows;
    expect(row).toMatchObject({ bars: [], waits: [], ms: null });
  });

  test('a run that is over at once still has a scale', () => {
    const { totalMs, rows } = layOutWaterfall(run([step('hook', 'succeeded', [attempt(1, 0, 0)])], 0), START);
    expect(totalMs).toBe(1);
    expect(rows[0]?.bars[0]).toMatchObject({ from: 0, to: 0 });
  });

  test('whatever the clocks say, everything lies within the scale', () => {
    const time = fc.integer({ min: -5_000, max: 20_000 });
    const anyAttempts = fc.array(fc.tuple(time, fc.option(time)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(anyAttempts, fc.option(time), time, (times, end, now) => {
        const attempts = times.map(([from, to], index) => attempt(index + 1, from, to));
        const { rows } = layOutWaterfall(run([step('hook', 'running', attempts)], end), START + now);
        for (const { from, to } of [...(rows[0]?.bars ?? []), ...(rows[0]?.waits ?? [])]) {
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThanOrEqual(1);
          expect(to).toBeGreaterThanOrEqual(from);
        }
      }),
    );
  });
});

describe('niceTicks', () => {
  test.each([
    [1_000, [0, 200, 400, 600, 800, 1_000]],
    [131, [0, 50, 100]],
    [90_000, [0, 20_000, 40_000, 60_000, 80_000]],
    [600_000, [0, 120_000, 240_000, 360_000, 480_000, 600_000]],
  ])('%d ms', (totalMs, ticks) => {
    expect(niceTicks(totalMs)).toEqual(ticks);
  });

  test('there are never many', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 * 86_400_000 }), (totalMs) => {
        const ticks = niceTicks(totalMs);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(8);
        expect(ticks.at(-1)).toBeLessThanOrEqual(totalMs);
      }),
    );
  });
});
