import type { FlowDocument } from '../flow-document.ts';
import type { Hint } from './hint.ts';

/**
 * What became of a node:
 *
 * - `mapped`: it does the same here.
 * - `partly`: it is there, and its hints say what it still needs.
 * - `left_out`: nothing here does it. A note stands in its place, and what came after it is not connected.
 * - `not_needed`: the flow does the same without it.
 * - `elsewhere`: it belongs to another start, which makes a flow of its own.
 */
export type ImportOutcome = 'mapped' | 'partly' | 'left_out' | 'not_needed' | 'elsewhere';

/** What became of one node of the export. */
export interface ImportLine {
  readonly name: string;
  /** Its type in the other tool. */
  readonly type: string;
  readonly outcome: ImportOutcome;
  /** The types of the nodes that it became, or `note`. */
  readonly to: readonly string[];
  /** The id of its node in the document. */
  readonly nodeId?: string;
  readonly hints: readonly Hint[];
}

/** A node that begins runs. A flow has one. */
export interface ImportStart {
  readonly key: string;
  readonly name: string;
}

/** A flow made of an export of another tool, and what became of each of its nodes. */
export interface FlowImport {
  readonly ok: true;
  readonly tool: 'n8n' | 'Node-RED';
  readonly document: FlowDocument;
  readonly lines: readonly ImportLine[];
  /** What concerns the flow as a whole. */
  readonly hints: readonly Hint[];
  /** The starts to choose from, and the key of the one that was taken. */
  readonly starts: readonly ImportStart[];
  readonly start?: string;
}

export type FlowImportResult = FlowImport | { readonly ok: false; readonly message: string };
