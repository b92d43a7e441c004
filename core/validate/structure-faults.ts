import type { Catalog } from '../catalog.ts';
import type { Fault } from '../fault.ts';
import { checkContainment } from './check-containment.ts';
import { checkEdges } from './check-edges.ts';
import { checkExtras } from './check-extras.ts';
import { checkNodes } from './check-nodes.ts';
import { checkValues } from './check-values.ts';
import type { FlowView } from './flow-view.ts';

/** All faults of a document but those of its shape, its expressions and its reach. Every `refused` one is among them. */
export function structureFaults(view: FlowView, catalog: Catalog): readonly Fault[] {
  return [
    ...checkNodes(view, catalog),
    ...checkContainment(view),
    ...checkEdges(view),
    ...checkValues(view),
    ...checkExtras(view),
  ];
}
