'use client';

import { useCallback, useEffect, useRef, useState } from 'react';

import { useEditor, useEditorStore } from './editor-context.tsx';
import { useMediaQuery } from './use-media-query.ts';
import { readStoredFlag, useStoredFlag } from './use-stored-flag.ts';

const NARROW = '(max-width: 1023px)';

export interface EditorPanels {
  /** On narrow screens the panels lie over the canvas, and come only when they are asked for. */
  readonly areDrawers: boolean;
  readonly isPaletteOpen: boolean;
  readonly isInspectorOpen: boolean;
  openPalette(isOpen: boolean): void;
  /** Where the palette lies over the canvas: away with it. Always the same function. */
  readonly closePaletteDrawer: () => void;
  openInspector(isOpen: boolean): void;
}

/** Which panels are open. Beside the canvas, this browser remembers it. */
export function useEditorPanels(): EditorPanels {
  const store = useEditorStore();
  const areDrawers = useMediaQuery(NARROW);
  const isInspectorOpen = useEditor((state) => state.isInspectorOpen);
  const [isPalettePinned, pinPalette] = useStoredFlag('palette', true);
  const [isInspectorPinned, pinInspector] = useStoredFlag('inspector', true);
  const [isPaletteDrawn, drawPalette] = useState(false);
  const closePaletteDrawer = useCallback(() => drawPalette(false), []);
  const wasDrawers = useRef(areDrawers);
  useEffect(() => {
    // Only when the window changes between wide and narrow; what is opened in between stays as it is.
    if (wasDrawers.current === areDrawers) return;
    wasDrawers.current = areDrawers;
    store.setState({ isInspectorOpen: !areDrawers && isInspectorPinned });
  }, [areDrawers, isInspectorPinned, store]);
  return {
    areDrawers,
    isPaletteOpen: areDrawers ? isPaletteDrawn : isPalettePinned,
    isInspectorOpen,
    closePaletteDrawer,
    openPalette: (isOpen) => (areDrawers ? drawPalette(isOpen) : pinPalette(isOpen)),
    openInspector(isOpen) {
      store.setState({ isInspectorOpen: isOpen });
      if (!areDrawers) pinInspector(isOpen);
    },
  };
}

/** Whether the inspector is open from the first frame on, so that the view is fitted to the canvas that stays. */
export function startsWithInspector(): boolean {
  return !window.matchMedia(NARROW).matches && readStoredFlag('inspector', true);
}
