import type { StepWords } from '#components/runs/step-words.ts';
import type { Run, Step } from '#core/api/runs.ts';
import type { FlowDocument, FlowNode } from '#core/flow-document.ts';

/** What a person can do about a run that ended failed. */
export interface Recovery {
  /** The steps that it goes on from, those outside of loops first. */
  readonly failedSteps: readonly Step[];
  /** Of these, the ones whose settings can be written anew. */
  readonly fixableSteps: readonly Step[];
  /** Why it cannot be resumed; null when it can. */
  readonly refusal: string | null;
}

/** Null for a run that did not end failed. */
export function recoveryOf(run: Run, lookOf: StepWords['lookOf']): Recovery | null {
  if (run.status !== 'failed') return null;
  const failedSteps = run.steps.filter((step) => isUnhandled(run.document, step));
  const nodes = new Map(run.document.nodes.map((node) => [node.id, node]));
  const isFixable = ({ nodeId }: Step) => {
    const node = nodes.get(nodeId);
    return node !== undefined && lookOf(node)?.isFixable === true;
  };
  const named = failedSteps.toSorted((a, b) => order(a, run) - order(b, run));
  return {
    failedSteps: named,
    fixableSteps: named.filter(isFixable),
    refusal:
      run.compensation === null
        ? null
        : 'What it had done was undone, so it cannot go on from where it failed. Replay it instead.',
  };
}

/** A node by the name that people know. */
export function nodeName(
  document: FlowDocument,
  nodeId: string,
  labelOf: (node: FlowNode) => string,
): string {
  const node = document.nodes.find(({ id }) => id === nodeId);
  return node === undefined ? nodeId : labelOf(node);
}

/** Nobody dealt with the failure in the flow itself. */
function isUnhandled(document: FlowDocument, step: Step): boolean {
  const node = document.nodes.find(({ id }) => id === step.nodeId);
  return step.status === 'failed' && step.key === '' && (node?.onError ?? 'fail') === 'fail';
}

/** The step that the run blames comes first. */
function order(step: Step, run: Run): number {
  return step.nodeId === run.error?.nodeId ? 0 : 1;
}
