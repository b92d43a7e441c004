import { catalog } from '#connectors/definitions.ts';
import type { FlowDocument, FlowNode } from '#core/flow-document.ts';
import { compilePlan } from '#core/plan-graph.ts';

/** The nodes at which a replay can begin, in the order of the flow: those outside of loops that the trigger reaches, without it. */
export function replayPoints(document: FlowDocument): readonly FlowNode[] {
  return compilePlan(document, catalog)
    .root.filter(({ kind }) => kind === 'action')
    .map(({ node }) => node);
}

export function triggerOf(document: FlowDocument): FlowNode | undefined {
  return compilePlan(document, catalog).root.find(({ kind }) => kind === 'trigger')?.node;
}
