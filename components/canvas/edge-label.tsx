'use client';

import { useStore } from '@xyflow/react';
import type { ReactFlowState } from '@xyflow/react';
import type { ReactNode } from 'react';
import { createPortal } from 'react-dom';

const layers = new WeakMap<Element, Element>();

/**
 * What stands on an edge, in React Flow's layer for it. React Flow's own `EdgeLabelRenderer` looks for that layer through the whole
 * canvas, for each label and with each step of a zoom.
 */
export function EdgeLabel({ children }: { children: ReactNode }) {
  const layer = useStore(layerOf);
  return layer && createPortal(children, layer);
}

function layerOf({ domNode }: ReactFlowState): Element | null {
  if (!domNode) return null;
  const known = layers.get(domNode);
  if (known?.isConnected) return known;
  const found = domNode.querySelector('.react-flow__edgelabel-renderer');
  if (found) layers.set(domNode, found);
  return found;
}
