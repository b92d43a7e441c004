import { FLOW_FORMAT } from '../flow-format.ts';
import type { FlowDocument, FlowEdge, FlowNode, FlowSettings } from '../flow-document.ts';
import type { JsonObject } from '../json.ts';

interface Drawing {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly settings?: FlowSettings;
  readonly nodes: readonly (Omit<FlowNode, 'version' | 'config'> & { readonly config?: JsonObject })[];
  /** Ways through the nodes, such as `hook > check > post` and `check.error > tell`, with the port behind the dot. */
  readonly ways: readonly string[];
}

/** A flow document with the parts that every one has filled in. Places are left to the layout. */
export function drawFlow({ nodes, ways, settings = {}, ...words }: Drawing): FlowDocument {
  return {
    format: FLOW_FORMAT,
    ...words,
    settings,
    nodes: nodes.map(({ config = {}, ...node }) => ({ ...node, version: 1, config })),
    edges: ways.flatMap(edgesOf),
    notes: [],
    pins: {},
  };
}

export const expr = (text: string) => ({ $expr: text });
export const tpl = (text: string) => ({ $tpl: text });

function edgesOf(way: string): FlowEdge[] {
  const stops = way.split(' > ');
  return stops.slice(1).map((to, index) => {
    const [from = '', port] = (stops[index] ?? '').split('.');
    const next = to.split('.')[0] ?? '';
    return port === undefined ? { from, to: next } : { from, port, to: next };
  });
}
