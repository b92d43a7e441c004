import type { FlowNode, FlowNote } from '../flow-document.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Hint } from './hint.ts';

/** A node to be made: its type and settings. The importer gives it id, label, place and loop. */
export type NewNode = Pick<FlowNode, 'type' | 'config'> &
  Partial<Pick<FlowNode, 'retry' | 'onError' | 'timeoutSeconds' | 'join'>>;

/** What a node of the export becomes. `D`: what the importer knows of the data that goes on. */
export interface Mapped<D> {
  readonly outcome: 'node' | 'note' | 'through' | 'left_out' | 'not_needed';
  readonly node?: NewNode;
  /** A second node right behind it, for what one node cannot do. Edges then leave from this one. */
  readonly behind?: NewNode;
  /** The port for an output; `out` unless it says otherwise, undefined where nothing goes on. */
  port?(output: number): string | undefined;
  /** The data that an output gives. */
  data(output: number): D;
  readonly hints: readonly Hint[];
  /** For a note: its text. */
  readonly text?: string;
  /** For a note: how it looked, its size in the other tool's units. */
  readonly look?: Pick<FlowNote, 'size' | 'color'>;
}

/** A setting that is to be written by hand; what stood there is kept as a comment, and the flow cannot be published. */
export function toWrite(original: string): JsonObject {
  const comment = original.replaceAll('*/', '* /').slice(0, 2_000);
  return { $expr: comment.trim() === '' ? '' : `/* ${comment} */` };
}

/** An expression. */
export function expr(text: string): JsonObject {
  return { $expr: text };
}

/** Without the fields that are undefined. */
export function given(fields: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );
}
