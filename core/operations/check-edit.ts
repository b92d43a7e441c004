import type { z } from 'zod';

import type { Catalog } from '../catalog.ts';
import type { Fault } from '../fault.ts';
import {
  FLOW_LIMITS,
  type FlowDocument,
  flowDocumentSchema,
  flowEdgeSchema,
  flowNodeSchema,
  flowNoteSchema,
} from '../flow-document.ts';
import { checkJson } from '../validate/check-json.ts';
import { shapeFaults } from '../validate/check-shape.ts';
import { viewOf } from '../validate/flow-view.ts';
import { structureFaults } from '../validate/structure-faults.ts';

const LISTS = { nodes: flowNodeSchema, edges: flowEdgeSchema, notes: flowNoteSchema } as const;
const FIELDS = ['name', 'description', 'settings', 'pins', 'pinSets'] as const;

/**
 * The `refused` faults of an edited flow. Only parts that are not the very same objects as before are read anew, so that
 * an edit of a large flow costs what it changes; how the parts fit together is all checked.
 */
export function checkEdit(before: FlowDocument, after: FlowDocument, catalog: Catalog): readonly Fault[] {
  const lists = (['nodes', 'edges', 'notes'] as const).flatMap((list) => listFaults(before, after, list));
  // What was taken out is not there to be wrong.
  const changed = FIELDS.filter((field) => before[field] !== after[field] && after[field] !== undefined);
  const fields = changed.flatMap((field) =>
    partFaults(flowDocumentSchema.shape[field], after[field], [field]),
  );
  // How parts fit together says nothing while one of them is not even in shape.
  if (lists.length + fields.length > 0) return [...lists, ...fields];
  return structureFaults(viewOf(after, catalog), catalog).filter((fault) => fault.level === 'refused');
}

function listFaults(before: FlowDocument, after: FlowDocument, list: keyof typeof LISTS): readonly Fault[] {
  if (before[list] === after[list]) return [];
  const known = new Set<unknown>(before[list]);
  const faults = after[list].flatMap((item, index) =>
    known.has(item) ? [] : partFaults(LISTS[list], item, [list, index]),
  );
  if (after[list].length <= FLOW_LIMITS[list]) return faults;
  const message = `A flow can have ${FLOW_LIMITS[list]} ${list} at most.`;
  return [...faults, { level: 'refused', code: `too_many_${list}`, pointer: `/${list}`, message }];
}

function partFaults(schema: z.ZodType, part: unknown, place: readonly (string | number)[]): readonly Fault[] {
  const notJson = checkJson(part, place);
  return notJson.length > 0 ? notJson : shapeFaults(schema, part, place);
}
