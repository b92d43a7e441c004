import { tidyLayout } from '#components/canvas/tidy-layout.ts';
import { catalog } from '#connectors/definitions.ts';
import type { FlowDocument, Position } from '#core/flow-document.ts';

/** The document with a place for each node, as tidying up would give it. One without a layout is drawn column by column: no reason to fail. */
export async function layOut(document: FlowDocument): Promise<FlowDocument> {
  const places: Readonly<Record<string, Position>> = await tidyLayout(document, catalog).catch(() => ({}));
  const nodes = document.nodes.map((node) => {
    const position = places[node.id];
    return position ? { ...node, position } : node;
  });
  return { ...document, nodes };
}
