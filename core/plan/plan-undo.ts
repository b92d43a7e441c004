import type { Plan, PlanOutcome, RunError, RunJournal, StepRef, UndoableStep } from '../plan.ts';
import type { PlanGraph } from '../plan-graph.ts';
import { compareKeys, stepId } from './step-id.ts';
import { isDue } from './survey.ts';

/**
 * Puts the steps that a failed run undoes in their order: the one that was completed last comes first; ties go by the
 * reverse order of the graph, then by the higher key.
 */
export function inUndoOrder(graph: PlanGraph, steps: Iterable<UndoableStep>): UndoableStep[] {
  const placeOf = ({ nodeId }: UndoableStep) => graph.nodes.get(nodeId)?.place ?? 0;
  return [...steps].sort(
    (a, b) => b.finishedAt - a.finishedAt || placeOf(b) - placeOf(a) || compareKeys(b.key, a.key),
  );
}

/** How a run goes on that failed with `error` and undoes what it did: one step at a time. */
export function planUndo(
  graph: PlanGraph,
  journal: RunJournal,
  { error, now }: { error: RunError; now: number },
): Plan {
  let isPartly = false;
  for (const { nodeId, key } of journal.undoable) {
    const undo = graph.nodes.get(nodeId)?.undo;
    if (undo === undefined) continue;
    const ref = { nodeId: undo, key };
    const decided = goOn(journal, ref, now);
    if (decided) return decided;
    if (journal.steps.get(stepId(undo, key))?.status !== 'succeeded') isPartly = true;
  }
  return only({
    kind: 'end',
    status: 'failed',
    output: journal.responded?.output ?? null,
    error,
    compensation: isPartly ? 'partly_undone' : 'undone',
  });
}

/** What to do about one undoing step; undefined once it is settled. */
function goOn(journal: RunJournal, ref: StepRef, now: number): Plan | undefined {
  const record = journal.steps.get(stepId(ref.nodeId, ref.key));
  const begin = { ...only({ kind: 'running', until: null }), execute: [ref] };
  if (!record) return begin;
  switch (record.status) {
    case 'running':
      return only({ kind: 'running', until: null });
    case 'waiting':
      return isDue(record, now) ? begin : only({ kind: 'wait', until: record.nextAttemptAt });
    case 'in_doubt':
      return only({ kind: 'doubt' });
    case 'succeeded':
    case 'failed':
    case 'skipped':
    case 'cancelled':
      return undefined;
  }
}

function only(outcome: PlanOutcome): Plan {
  return { execute: [], skip: [], cancel: [], open: [], settle: [], close: [], outcome };
}
