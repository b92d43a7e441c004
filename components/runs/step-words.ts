import type { StepLook, StepLooks } from '#connectors/looks.ts';
import type { FlowNode } from '#core/flow-document.ts';

type NodeType = Pick<FlowNode, 'type' | 'version'>;

export interface StepWords {
  /** Undefined for a type that the registry lost. */
  readonly lookOf: (node: NodeType) => StepLook | undefined;
  /** The name that people know a node by. */
  readonly labelOf: (node: NodeType & Pick<FlowNode, 'label'>) => string;
}

/** What is said of a run's steps, without the registry itself. */
export function stepWords(looks: StepLooks): StepWords {
  const lookOf = ({ type, version }: NodeType) => {
    const key = `${type}@${version}`;
    return Object.hasOwn(looks, key) ? looks[key] : undefined;
  };
  return { lookOf, labelOf: (node) => node.label || (lookOf(node)?.label ?? node.type) };
}
