'use client';

import { useQuery } from '@tanstack/react-query';

import { tidyLayout } from '#components/canvas/tidy-layout.ts';
import { catalog } from '#connectors/definitions.ts';
import type { FlowDocument, Position } from '#core/flow-document.ts';

/** The document with a place for each node, as tidying up would give it; undefined until that is worked out. */
export function useLaidOut(document: FlowDocument): FlowDocument | undefined {
  const { data } = useQuery({
    queryKey: ['template-layout', document.slug],
    queryFn: () => layOut(document),
    staleTime: Infinity,
  });
  return data;
}

/** A document without a layout is drawn column by column: no reason to fail. */
export async function layOut(document: FlowDocument): Promise<FlowDocument> {
  const places: Readonly<Record<string, Position>> = await tidyLayout(document, catalog).catch(() => ({}));
  const nodes = document.nodes.map((node) => {
    const position = places[node.id];
    return position ? { ...node, position } : node;
  });
  return { ...document, nodes };
}
