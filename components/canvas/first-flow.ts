import type { Catalog } from '#core/catalog.ts';
import type { FlowDocument, FlowNode } from '#core/flow-document.ts';
import { computedParts } from '#core/value.ts';

import { isTrigger } from './node-ports.ts';

export interface FirstFlowStep {
  readonly id: 'trigger' | 'step' | 'data' | 'run' | 'publish';
  readonly title: string;
  /** How it is done, in a sentence. */
  readonly says: string;
  readonly isDone: boolean;
}

/** The way to a first flow that works, and how much of it is done; told from the flow itself, so any order will do. */
export function firstFlowSteps(
  document: FlowDocument,
  catalog: Catalog,
  { hasRun }: { hasRun: boolean },
): readonly FirstFlowStep[] {
  const { nodes, edges } = document;
  const steps = nodes.filter((node) => !isTrigger(node, catalog));
  return [
    {
      id: 'trigger',
      title: 'Choose what starts it',
      says: 'A webhook, a schedule, an event of an app, or you.',
      isDone: steps.length < nodes.length,
    },
    {
      id: 'step',
      title: 'Add a step',
      says: 'With the + behind the trigger, or from the list on the left.',
      isDone: steps.some(({ id }) => edges.some(({ to }) => to === id)),
    },
    {
      id: 'data',
      title: 'Give it data',
      says: 'Click into a setting of the step, then on a field of the event.',
      isDone: steps.some(usesData),
    },
    {
      id: 'run',
      title: 'Try it',
      says: 'With an example; what the steps got and gave is then on the canvas.',
      isDone: hasRun,
    },
    {
      id: 'publish',
      title: 'Publish it',
      says: 'From then on its trigger starts it.',
      // Whoever has published a flow is not shown the way to the first any more.
      isDone: false,
    },
  ];
}

/** A step whose settings have something computed in them. */
export function usesData({ config }: FlowNode): boolean {
  return computedParts(config).length > 0;
}
