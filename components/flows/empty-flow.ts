import type { FlowDocument } from '#core/flow-document.ts';
import { FLOW_FORMAT } from '#core/flow-format.ts';

/** A flow without nodes. */
export function emptyFlow(name: string, slug: string): FlowDocument {
  return {
    format: FLOW_FORMAT,
    name,
    slug,
    description: '',
    settings: {},
    nodes: [],
    edges: [],
    notes: [],
    pins: {},
  };
}
