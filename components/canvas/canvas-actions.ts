'use client';

import { createContext, use } from 'react';

import type { FlowEdge } from '#core/flow-document.ts';

/** What drawn nodes and edges may ask of the canvas around them; empty where the canvas is read-only. */
export interface CanvasActions {
  readonly addAfter?: (nodeId: string, port: string) => void;
  /** For a loop with nothing in it. */
  readonly addInside?: (loopId: string) => void;
  /** Draws a loop as one box, or opens it again. */
  readonly toggleFold?: (loopId: string) => void;
  readonly insertOn?: (edge: FlowEdge) => void;
  readonly removeEdge?: (edge: FlowEdge) => void;
}

export const CanvasActionsContext = createContext<CanvasActions>({});

/** The actions of the canvas that this node or edge is on. */
export function useCanvasActions(): CanvasActions {
  return use(CanvasActionsContext);
}
