import type { FlowEdge } from '#core/flow-document.ts';

/** One line of the outline, with what stands under it. Keys are unique in an outline and hold through other edits. */
export type OutlineItem = StepItem | BranchItem | BodyItem | StartItem | LooseItem | ReferenceItem;

/** A node. What follows it comes after it among its siblings, unless it branches. */
export interface StepItem {
  readonly kind: 'step';
  readonly key: string;
  readonly nodeId: string;
  readonly role: 'step' | 'undo';
  /** The edge that leads here from the line before or around; none where several meet, and where nothing leads here. */
  readonly via: FlowEdge | undefined;
  readonly children: readonly OutlineItem[];
}

/** What follows a node by one of its ports; `count` is more than 1 where several edges leave by the same one. */
export interface BranchItem {
  readonly kind: 'branch';
  readonly key: string;
  readonly nodeId: string;
  readonly port: string;
  readonly index: number;
  readonly count: number;
  readonly children: readonly OutlineItem[];
}

/** What a loop does for each item. */
export interface BodyItem {
  readonly kind: 'body';
  readonly key: string;
  readonly nodeId: string;
  readonly children: readonly OutlineItem[];
}

/** One of several beginnings in a loop or among what no trigger leads to. */
export interface StartItem {
  readonly kind: 'start';
  readonly key: string;
  readonly index: number;
  readonly count: number;
  /** The loop; undefined outside of all. */
  readonly parent: string | undefined;
  readonly children: readonly OutlineItem[];
}

/** All that no trigger leads to. */
export interface LooseItem {
  readonly kind: 'loose';
  readonly key: string;
  readonly children: readonly OutlineItem[];
}

/** An edge to a node that has its place elsewhere: where several edges meet. */
export interface ReferenceItem {
  readonly kind: 'reference';
  readonly key: string;
  readonly edge: FlowEdge;
}

export const stepKey = (nodeId: string): string => `step ${nodeId}`;

/** What stands under an item. */
export function childrenOf(item: OutlineItem): readonly OutlineItem[] {
  return item.kind === 'reference' ? [] : item.children;
}

/** The node that an item is about: its own, the one it leaves from, or the loop around. */
export function nodeOfItem(item: OutlineItem): string | undefined {
  switch (item.kind) {
    case 'step':
    case 'branch':
    case 'body':
      return item.nodeId;
    case 'reference':
      return item.edge.from;
    case 'start':
      return item.parent;
    case 'loose':
      return undefined;
  }
}
