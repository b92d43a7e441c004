import { nodeLook, type NodeLook } from '#components/canvas/node-look.ts';
import type { Box } from '#components/canvas/node-place.ts';
import { catalog } from '#connectors/definitions.ts';
import type { FlowDocument } from '#core/flow-document.ts';

import { miniatureShape, type MiniatureShape } from './miniature-shape.ts';

/** A small picture of a flow: all that is needed to draw it. */
export interface FlowPicture extends Omit<MiniatureShape, 'nodes'> {
  /** What it shows, in words. */
  readonly label: string;
  readonly nodes: readonly PicturedNode[];
}

export interface PicturedNode {
  readonly id: string;
  readonly look: NodeLook;
  readonly box: Box;
  readonly isLoop: boolean;
}

/** The picture of a flow whose nodes have their places. */
export function flowPicture(document: FlowDocument): FlowPicture {
  const { nodes, ...shape } = miniatureShape(document, catalog);
  return {
    ...shape,
    label: document.nodes.map(({ label, id }) => label ?? id).join(', '),
    nodes: nodes.map(({ node, box, isLoop }) => ({ id: node.id, look: nodeLook(node), box, isLoop })),
  };
}
