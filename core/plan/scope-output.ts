import type { Json } from '../json.ts';
import type { RunJournal } from '../plan.ts';
import type { PlanScope } from '../plan-graph.ts';
import { stepId } from './step-id.ts';

/** The output of the last node, in the scope's order, that ran and has no successor that ran; null when none ran. */
export function scopeOutput(members: PlanScope, key: string, { steps }: RunJournal): Json {
  const hasRun = (id: string) => {
    const status = steps.get(stepId(id, key))?.status;
    return status === 'succeeded' || status === 'failed';
  };
  const last = members.findLast(({ node, next }) => hasRun(node.id) && !next.some(hasRun));
  return (last && steps.get(stepId(last.node.id, key))?.output) ?? null;
}
