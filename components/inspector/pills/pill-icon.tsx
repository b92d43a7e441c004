'use client';

import { createRoot } from 'react-dom/client';

import { nodeLook } from '#components/canvas/node-look.ts';
import { OperationIcon } from '#components/canvas/operation-icon.tsx';

import type { PillLook } from './pill-look.ts';

/** Draws the icon of a pill's step into an element outside of React. Gives back what takes it away again. */
export function drawPillIcon(host: HTMLElement, node: PillLook['node']): () => void {
  const root = createRoot(host);
  root.render(<PillIcon node={node} />);
  // Editors end in the middle of React's own work, which does not let a root end.
  return () => queueMicrotask(() => root.unmount());
}

/** The icon of a pill's step. */
export function PillIcon({ node }: { node: PillLook['node'] }) {
  const look = node ? nodeLook(node) : undefined;
  return (
    <span className="pill-icon" data-tint={look?.tint}>
      <OperationIcon name={look?.icon ?? 'braces'} mark={look?.mark} className="size-3" />
    </span>
  );
}
