import type { Catalog } from '../catalog.ts';
import type { FlowDocument, FlowNode } from '../flow-document.ts';
import { PLACEHOLDER_ADDRESS, type Template } from './template.ts';

export interface TemplateNeeds {
  /** Kinds of connections that have to be chosen, by the connector's id, each once. */
  readonly connectors: readonly string[];
  /** True when an address of the user's own has to be filled in. */
  readonly hasAddress: boolean;
}

/** What a template needs before it runs, read from its flows. */
export function templateNeeds({ flow, helpers }: Template, catalog: Catalog): TemplateNeeds {
  const nodes = [flow, ...helpers].flatMap((each) => each.nodes);
  const connectors = nodes.flatMap((node) => missingConnection(node, catalog) ?? []);
  return { connectors: [...new Set(connectors)], hasAddress: nodes.some(hasPlaceholder) };
}

/** What is still to be done in a flow that was made from a template, node by node in the order of the document. */
export interface OpenPoint {
  readonly nodeId: string;
  /** Where in the node: `/connection` or `/config/url`. */
  readonly place: string;
  /** The kind of connection that is missing; null where it is an address. */
  readonly connector: string | null;
}

export function openPoints({ nodes }: FlowDocument, catalog: Catalog): readonly OpenPoint[] {
  return nodes.flatMap((node): OpenPoint[] => {
    const connector = missingConnection(node, catalog);
    return [
      ...(connector === undefined ? [] : [{ nodeId: node.id, place: '/connection', connector }]),
      ...(hasPlaceholder(node)
        ? [
            {
              nodeId: node.id,
              place: node.type === 'core.poll' ? '/config/request' : '/config/url',
              connector: null,
            },
          ]
        : []),
    ];
  });
}

/** The kind of connection that a node lacks; the first one where several would do. */
export function missingConnection(node: FlowNode, catalog: Catalog): string | undefined {
  const type = catalog(node.type, node.version);
  if (node.connection !== undefined || !type?.needsConnection(node.config)) return undefined;
  return type.connectors(node.config)[0];
}

function hasPlaceholder({ config }: FlowNode): boolean {
  return JSON.stringify(config).includes(PLACEHOLDER_ADDRESS);
}
