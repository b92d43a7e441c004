import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { FlowDocument, FlowNode } from '#core/flow-document.ts';
import { iterationKey, stepId } from '#core/plan/step-id.ts';
import { plan, type PlanOutcome, type StepRecord } from '#core/plan.ts';
import { LiveLoop } from '#worker/live-loop.ts';
import { compile, flow, journal, record } from './plan-support.ts';

/** A flow `t → l → z` whose loop holds `a → b`, where `a` may be a loop over `c` itself. */
interface RandomLoops {
  readonly document: FlowDocument;
  /** How many items a loop has, by its id. */
  readonly counts: Readonly<Record<string, number>>;
  readonly concurrency: number;
  readonly onItemError: 'fail' | 'continue';
  /** Steps that fail, by `stepId`. */
  readonly failing: ReadonlySet<string>;
}

const randomLoops: fc.Arbitrary<RandomLoops> = fc
  .record({
    outer: fc.nat(4),
    inner: fc.nat(3),
    isNested: fc.boolean(),
    concurrency: fc.integer({ min: 1, max: 3 }),
    onItemError: fc.constantFrom('fail' as const, 'continue' as const),
    failing: fc.subarray(['b 0', 'b 1', 'b 2', 'b 3', 'c 0.0', 'c 0.1', 'c 1.0', 'c 2.2', 'a 1', 'a 3']),
  })
  .map(({ outer, inner, isNested, failing, ...rest }) => {
    const nodes: Record<string, Partial<FlowNode>> = {
      l: { type: 't.each', onError: 'continue' },
      a: { parent: 'l', ...(isNested && { type: 't.each' }) },
      b: { parent: 'l' },
      c: { parent: 'a' },
    };
    const ids = isNested ? 't l a b c z' : 't l a b z';
    const document = flow(ids, 't>l l>z a>b', nodes);
    return { document, counts: { l: outer, a: inner }, failing: new Set(failing), ...rest };
  });

interface Played {
  readonly executed: readonly string[];
  readonly outcome: PlanOutcome;
  /** The most iterations of one loop that were open at a time. */
  readonly mostOpen: number;
  /** How many settled steps the planner was still shown at most. */
  readonly mostSteps: number;
}

/** Plays a run to its end as an activation does; `choose` picks which of the steps in flight finishes next. */
function play(random: RandomLoops, choose: (count: number) => number): Played {
  const graph = compile(random.document);
  const steps = new Map<string, StepRecord>();
  const loops: Record<string, LiveLoop> = {};
  const executed: string[] = [];
  let [mostOpen, mostSteps] = [0, 0];
  const set = (nodeId: string, key: string, rest: Partial<StepRecord>) =>
    steps.set(stepId(nodeId, key), record(nodeId, { key, output: stepId(nodeId, key), ...rest }));
  const drop = (nodeId: string, key: string) => {
    for (const { node } of graph.nodes.get(nodeId)!.body!) steps.delete(stepId(node.id, key));
  };
  for (let turn = 0; turn < 1_000; turn++) {
    const decided = plan(graph, journal([...steps.values()], null, loops), 0);
    const { execute, skip, cancel, settle, open, close, outcome } = decided;
    if (outcome.kind === 'end') return { executed, outcome, mostOpen, mostSteps };
    for (const { nodeId, key } of skip) set(nodeId, key, { status: 'skipped', ports: [] });
    for (const { nodeId, key } of cancel) {
      set(nodeId, key, { status: 'cancelled', ports: [] });
      delete loops[stepId(nodeId, key)];
    }
    for (const settled of settle) {
      loops[stepId(settled.loop.nodeId, settled.loop.key)]!.settle(settled);
      drop(settled.loop.nodeId, iterationKey(settled.loop.key, settled.index));
    }
    for (const { loop, error } of close) {
      const id = stepId(loop.nodeId, loop.key);
      const isHandled = loop.nodeId === 'l';
      if (error)
        set(loop.nodeId, loop.key, {
          status: 'failed',
          error,
          ports: isHandled ? ['out'] : [],
          output: 'failed',
        });
      else set(loop.nodeId, loop.key, { output: loops[id]!.output() });
      delete loops[id];
    }
    for (const { loop, index } of open) loops[stepId(loop.nodeId, loop.key)]!.begin(index);
    for (const { nodeId, key } of execute) {
      executed.push(stepId(nodeId, key));
      set(nodeId, key, { status: 'running', ports: [], output: null });
    }
    for (const loop of Object.values(loops)) mostOpen = Math.max(mostOpen, loop.open.size);
    mostSteps = Math.max(mostSteps, steps.size);
    const inFlight = [...steps.values()].filter(
      ({ status, nodeId, key }) => status === 'running' && !loops[stepId(nodeId, key)],
    );
    const next = inFlight[choose(inFlight.length)];
    if (!next) continue;
    const { nodeId, key } = next;
    const isLoop = graph.nodes.get(nodeId)!.body !== undefined;
    if (random.failing.has(stepId(nodeId, key)))
      set(nodeId, key, {
        status: 'failed',
        ports: [],
        output: null,
        error: { kind: 'invalid', code: nodeId, message: key },
      });
    else if (isLoop) {
      const items = new Array<null>(random.counts[nodeId]!).fill(null);
      loops[stepId(nodeId, key)] = new LiveLoop({
        items,
        concurrency: random.concurrency,
        onItemError: random.onItemError,
      });
    } else set(nodeId, key, {});
  }
  throw new Error('the run does not end');
}

test('whatever order steps finish in, each runs once and none too many at a time', () => {
  fc.assert(
    fc.property(randomLoops, fc.infiniteStream(fc.nat(1_000)), (random, picks) => {
      const { executed, mostOpen, mostSteps } = play(
        random,
        (count) => (picks.next().value as number) % (count || 1),
      );
      expect(new Set(executed).size).toBe(executed.length);
      expect(mostOpen).toBeLessThanOrEqual(random.concurrency);
      // t, l, z; a and b of each open iteration; c of each open one in those.
      expect(mostSteps).toBeLessThanOrEqual(3 + random.concurrency * (2 + random.concurrency));
    }),
    { numRuns: 500 },
  );
});

test('where items may fail, the same steps run and the same results come out, whatever order steps finish in', () => {
  fc.assert(
    fc.property(randomLoops, fc.infiniteStream(fc.nat(1_000)), (random, picks) => {
      const forgiving = { ...random, onItemError: 'continue' as const };
      const inTurn = play(forgiving, () => 0);
      const shuffled = play(forgiving, (count) => (picks.next().value as number) % (count || 1));
      expect([...shuffled.executed].sort()).toEqual([...inTurn.executed].sort());
      expect(shuffled.outcome).toEqual(inTurn.outcome);
    }),
    { numRuns: 500 },
  );
});

test('one at a time, the first item that fails is the last that begins', () => {
  fc.assert(
    fc.property(randomLoops, (random) => {
      const strict = { ...random, concurrency: 1, onItemError: 'fail' as const };
      const { executed } = play(strict, () => 0);
      const failedAt = executed.findIndex((id) => random.failing.has(id));
      if (failedAt === -1) return;
      expect(executed.slice(failedAt + 1)).toEqual(['z']);
    }),
    { numRuns: 300 },
  );
});
