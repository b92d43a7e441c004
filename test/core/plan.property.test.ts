import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { FlowDocument } from '#core/flow-document.ts';
import { plan, type StepRecord } from '#core/plan.ts';
import { stepId } from '#core/plan/step-id.ts';
import { compile, flow, journal, record } from './plan-support.ts';

/** What a node will do when its turn comes, decided beforehand so that only the order of events varies. */
interface Behaviour {
  readonly ports: readonly string[];
  readonly join: 'all' | 'any';
}
interface RandomFlow {
  readonly document: FlowDocument;
  readonly behaviours: ReadonlyMap<string, Behaviour>;
}

const PORTS = ['out', 'left', 'right'];

/** A random flow without circles: every edge leads to a node that stands later in the list. */
const randomFlow: fc.Arbitrary<RandomFlow> = fc
  .record({
    behaviours: fc.array(
      fc.record({ ports: fc.subarray(PORTS), join: fc.constantFrom('all' as const, 'any' as const) }),
      { minLength: 1, maxLength: 9 },
    ),
    edges: fc.array(fc.record({ from: fc.nat(9), to: fc.nat(9), port: fc.constantFrom(...PORTS) }), {
      maxLength: 24,
    }),
  })
  .map(({ behaviours, edges }) => {
    const names = behaviours.map((_, index) => `n${index}`);
    const unique = new Set(
      edges
        .filter(({ from, to }) => from < to && to < names.length)
        .map(({ from, to, port }) => `n${from}:${port}>n${to}`),
    );
    const options = Object.fromEntries(behaviours.map(({ join }, index) => [`n${index}`, { join }]));
    return {
      document: flow(names.join(' '), [...unique].join(' '), options),
      behaviours: new Map(behaviours.map((behaviour, index) => [`n${index}`, behaviour])),
    };
  });

interface Played {
  readonly executed: ReadonlySet<string>;
  readonly skipped: ReadonlySet<string>;
  readonly output: unknown;
  /** The journal after each event. */
  readonly history: readonly (readonly StepRecord[])[];
}

/** Runs a flow to its end; `choose` picks which of the steps in flight finishes next. */
function play({ document, behaviours }: RandomFlow, choose: (count: number) => number): Played {
  const graph = compile(document);
  const records = new Map<string, StepRecord>();
  const executed = new Set<string>();
  const skipped = new Set<string>();
  const history: StepRecord[][] = [];
  for (let turn = 0; turn < 200; turn++) {
    history.push([...records.values()]);
    const { execute, skip, outcome } = plan(graph, journal([...records.values()]), 0);
    for (const { nodeId } of skip) {
      skipped.add(nodeId);
      records.set(nodeId, record(nodeId, { status: 'skipped', ports: [] }));
    }
    for (const { nodeId } of execute) {
      expect(executed.has(nodeId), `${nodeId} runs once`).toBe(false);
      executed.add(nodeId);
      records.set(nodeId, record(nodeId, { status: 'running', ports: [] }));
    }
    if (outcome.kind === 'end') return { executed, skipped, output: outcome.output, history };
    const inFlight = [...records.values()].filter(({ status }) => status === 'running');
    const next = inFlight[choose(inFlight.length)]!;
    records.set(next.nodeId, record(next.nodeId, { ports: behaviours.get(next.nodeId)!.ports }));
  }
  throw new Error('the run does not end');
}

test('whatever order steps finish in, the same nodes run, the same are skipped, and the output is the same', () => {
  fc.assert(
    fc.property(randomFlow, fc.infiniteStream(fc.nat(1_000)), (random, picks) => {
      const inTurn = play(random, () => 0);
      const shuffled = play(random, (count) => (picks.next().value as number) % count);
      expect(shuffled.executed).toEqual(inTurn.executed);
      expect(shuffled.skipped).toEqual(inTurn.skipped);
      expect(shuffled.output).toEqual(inTurn.output);
    }),
    { numRuns: 500 },
  );
});

test('every node that the trigger reaches is either run or skipped, never both', () => {
  fc.assert(
    fc.property(randomFlow, (random) => {
      const { executed, skipped } = play(random, (count) => count - 1);
      const settled = [...executed, ...skipped].sort();
      expect(settled).toEqual(
        compile(random.document)
          .root.map(({ node }) => node.id)
          .sort(),
      );
    }),
    { numRuns: 300 },
  );
});

test('replaying any journal, in any order of its rows, gives the same decisions', () => {
  fc.assert(
    fc.property(randomFlow, fc.infiniteStream(fc.nat(1_000)), (random, picks) => {
      const { history } = play(random, (count) => (picks.next().value as number) % count);
      for (const rows of history) {
        const first = plan(compile(random.document), journal(rows), 0);
        const again = plan(compile(random.document), journal(rows.toReversed()), 0);
        expect(again).toEqual(first);
      }
    }),
    { numRuns: 200 },
  );
});

test('a crash that loses steps in flight changes nothing: forgotten, they are what begins again', () => {
  fc.assert(
    fc.property(randomFlow, (random) => {
      for (const rows of play(random, () => 0).history) {
        const kept = rows.filter(({ status }) => status !== 'running');
        const lost = rows.filter(({ status }) => status === 'running').map(({ nodeId }) => nodeId);
        const { execute } = plan(compile(random.document), journal(kept), 0);
        expect(execute.map(({ nodeId }) => stepId(nodeId, ''))).toEqual(expect.arrayContaining(lost));
      }
    }),
    { numRuns: 200 },
  );
});
