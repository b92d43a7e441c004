'use client';

import { useEffect, useState } from 'react';

import { useEditor, useEditorStore } from './editor-context.tsx';
import { useMediaQuery } from './use-media-query.ts';
import { useStoredFlag } from './use-stored-flag.ts';

export interface EditorPanels {
  /** On narrow screens the panels lie over the canvas, and come only when they are asked for. */
  readonly areDrawers: boolean;
  readonly isPaletteOpen: boolean;
  readonly isInspectorOpen: boolean;
  openPalette(isOpen: boolean): void;
  openInspector(isOpen: boolean): void;
}

/** Which panels are open. Beside the canvas, this browser remembers it. */
export function useEditorPanels(): EditorPanels {
  const store = useEditorStore();
  const areDrawers = useMediaQuery('(max-width: 1023px)');
  const isInspectorOpen = useEditor((state) => state.isInspectorOpen);
  const [isPalettePinned, pinPalette] = useStoredFlag('palette', true);
  const [isInspectorPinned, pinInspector] = useStoredFlag('inspector', true);
  const [isPaletteDrawn, drawPalette] = useState(false);
  useEffect(() => {
    store.setState({ isInspectorOpen: !areDrawers && isInspectorPinned });
    // Only when the window changes between wide and narrow; what is opened in between stays as it is.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [areDrawers, store]);
  return {
    areDrawers,
    isPaletteOpen: areDrawers ? isPaletteDrawn : isPalettePinned,
    isInspectorOpen,
    openPalette: (isOpen) => (areDrawers ? drawPalette(isOpen) : pinPalette(isOpen)),
    openInspector(isOpen) {
      store.setState({ isInspectorOpen: isOpen });
      if (!areDrawers) pinInspector(isOpen);
    },
  };
}
