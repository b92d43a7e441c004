import { edgePort } from './flow-document.ts';
import type { FlowEdge } from './flow-document.ts';

/** An edge's identity on the canvas. Node ids and ports hold no `>`, so that no two edges share one. */
export function edgeId(edge: FlowEdge): string {
  return `${edge.from}.${edgePort(edge)}>${edge.to}`;
}
