import type { FlowEdge, FlowNode, FlowNote, FlowSettings, Position } from './flow-document.ts';
import type { Json } from './json.ts';
import type { PinnedAnswer } from './pins/pin.ts';

/** The settings of a node that are not its `config`, id, type or place. */
export type NodeOptions = Partial<
  Pick<
    FlowNode,
    'connection' | 'retry' | 'timeoutSeconds' | 'onError' | 'join' | 'effect' | 'compensate' | 'label'
  >
>;

/** Nodes and the edges among them, as the clipboard carries them. */
export interface FlowFragment {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
}

/** Every edit the canvas can make. Applied by `applyOperation`, a pure function; undo and audit follow from it. */
export type FlowOperation =
  | { readonly kind: 'add_node'; readonly node: FlowNode }
  | { readonly kind: 'insert_on_edge'; readonly node: FlowNode; readonly edge: FlowEdge }
  /** Removes nodes and every edge that touches them. */
  | { readonly kind: 'remove_nodes'; readonly nodeIds: readonly string[] }
  | { readonly kind: 'move_nodes'; readonly positions: Readonly<Record<string, Position>> }
  /** Puts nodes into a loop, or with `undefined` out of all; what undoes them comes along. Their places stay. */
  | {
      readonly kind: 'set_parent';
      readonly nodeIds: readonly string[];
      readonly parent: string | undefined;
    }
  /** Sets or, with `undefined`, removes one setting; `path` starts below `config`. */
  | {
      readonly kind: 'set_config';
      readonly nodeId: string;
      readonly path: readonly (string | number)[];
      readonly value: Json | undefined;
    }
  /** Sets the options that are present; a key present with `undefined` is removed. */
  | { readonly kind: 'set_options'; readonly nodeId: string; readonly options: NodeOptions }
  | { readonly kind: 'add_edge'; readonly edge: FlowEdge }
  | { readonly kind: 'remove_edges'; readonly edges: readonly FlowEdge[] }
  /**
   * Adds copies under fresh ids; `steps.<id>` in their expressions is rebound to the copies. Copies that are in no loop of
   * the fragment go into the loop `parent`.
   */
  | {
      readonly kind: 'paste';
      readonly fragment: FlowFragment;
      readonly offset: Position;
      readonly parent?: string;
    }
  | { readonly kind: 'set_settings'; readonly settings: FlowSettings }
  | { readonly kind: 'describe_flow'; readonly name?: string; readonly description?: string }
  /** Sets the output that tests in the editor may use for a node or, with `undefined`, removes it. */
  | { readonly kind: 'set_pin'; readonly nodeId: string; readonly output: Json | undefined }
  /** Sets what a node answers in a named set of pins or, with `undefined`, removes it; a set without any is gone. */
  | {
      readonly kind: 'put_pin';
      readonly set: string;
      readonly nodeId: string;
      readonly answer: PinnedAnswer | undefined;
    }
  | { readonly kind: 'put_note'; readonly note: FlowNote }
  | { readonly kind: 'remove_notes'; readonly noteIds: readonly string[] };
