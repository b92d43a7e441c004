import type { Catalog } from './catalog.ts';
import type { Fault } from './fault.ts';
import type { FlowDocument } from './flow-document.ts';
import { checkExpressions } from './validate/check-expressions.ts';
import { checkJson } from './validate/check-json.ts';
import { checkReach } from './validate/check-reach.ts';
import { checkShape } from './validate/check-shape.ts';
import { type FlowView, viewFlow, viewOf } from './validate/flow-view.ts';
import { structureFaults } from './validate/structure-faults.ts';

export interface Validation {
  /** The document with defaults filled in; null if any fault is `refused`. */
  readonly flow: FlowDocument | null;
  /** Every fault, the gravest first, else in the order of the document's parts. */
  readonly faults: readonly Fault[];
}

const GRAVITY: Readonly<Record<Fault['level'], number>> = { refused: 0, blocks_publish: 1, warning: 2 };

/**
 * Says everything that is wrong with a flow document, whatever it is made of; never throws.
 *
 * @example validateFlow(document, catalog).faults // [{ level: 'refused', code: 'cycle', pointer: '/edges/3', … }]
 */
export function validateFlow(document: unknown, catalog: Catalog): Validation {
  const notJson = checkJson(document);
  if (notJson.some((fault) => fault.code === 'too_deep')) return { flow: null, faults: notJson };
  const shape = checkShape(document);
  const view = shape.flow === undefined ? viewFlow(document, catalog) : viewOf(shape.flow, catalog);
  const ofShape = [...notJson, ...shape.faults.filter((fault) => !saysTheSame(fault, notJson))];
  const faults = faultsOf(view, catalog, ofShape);
  const isRefused = faults.some((fault) => fault.level === 'refused');
  return { flow: isRefused ? null : (shape.flow ?? null), faults };
}

/**
 * The same faults, for a flow that came of one which is not refused by `applyOperation` alone: its shape is known to be right,
 * and what was found out about nodes that are still the same objects is not found out again.
 */
export function faultsAfterEdits(flow: FlowDocument, catalog: Catalog): readonly Fault[] {
  return faultsOf(viewOf(flow, catalog), catalog, []);
}

function faultsOf(view: FlowView, catalog: Catalog, ofShape: readonly Fault[]): readonly Fault[] {
  const found = [...ofShape, ...structureFaults(view, catalog)];
  return [
    ...found,
    ...checkExpressions(view).filter((fault) => !isSaid(fault, found)),
    ...checkReach(view),
  ].sort((a, b) => GRAVITY[a.level] - GRAVITY[b.level]);
}

/** Zod points at the whole setting in which something is not JSON; the first check pointed at the thing itself. */
function saysTheSame(fault: Fault, precise: readonly Fault[]): boolean {
  return precise.some((other) => other.code === 'not_json' && other.pointer.startsWith(fault.pointer));
}

/** An expression where none is allowed need not be right, too. */
function isSaid(fault: Fault, found: readonly Fault[]): boolean {
  return found.some((other) => other.code === 'expression_not_allowed' && other.pointer === fault.pointer);
}
