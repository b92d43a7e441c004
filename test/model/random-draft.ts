import type { FlowEdge, FlowNode } from '#core/flow-document.ts';

import type { Dice } from './dice.ts';

export interface FlowOptions {
  readonly slug: string;
  /** Base URL of the far end. */
  readonly farEnd: string;
  /** Node types that may be used. */
  readonly types: ReadonlySet<string>;
  /** True when workers are killed meanwhile: no calls that must not be repeated, and retries to spare. */
  readonly isKilled: boolean;
}

/** A flow that is being drawn. */
export interface Draft {
  readonly dice: Dice;
  readonly options: FlowOptions;
  readonly nodes: FlowNode[];
  readonly edges: FlowEdge[];
  /** How many of the calls fail in some way. */
  readonly faultShare: number;
  /** How many of the nodes are undone. */
  readonly undoShare: number;
  readonly waitShare: number;
  /** Draws the nodes inside of a loop. */
  readonly drawBody: (place: Place, size: number) => void;
  stopsLeft: number;
  /** Nodes made so far: the number in the next one's id. */
  made: number;
}

/** Where nodes are being drawn. */
export interface Place {
  readonly parent: string | undefined;
  /** How many loops are around. */
  readonly depth: number;
  /** How many times it runs, at most. */
  readonly runs: number;
  /** Expressions that give numbers here (or a gap, or null). */
  readonly paths: readonly string[];
  /** What the innermost loop goes over. */
  readonly item: 'numbers' | 'things' | null;
  /** A template that gives the loop path; null at the root. */
  readonly key: string | null;
}
