'use client';

import { lazy, Suspense, useEffect, useState } from 'react';
import { tinykeys } from 'tinykeys';
import { useStore } from 'zustand';

import { paletteStore } from './command-registry.ts';

/** Loads the palette's window; the module is kept, so once. */
export const loadPalette = () => import('./palette-window.tsx');

const PaletteWindow = lazy(async () => ({ default: (await loadPalette()).PaletteWindow }));

/** The list that Ctrl+K opens on every page: whatever can be gone to or done, found by typing a few letters of it. */
export function CommandPalette() {
  const isOpen = useStore(paletteStore, ({ mode }) => mode !== 'closed');
  const [wasOpened, setWasOpened] = useState(false);
  if (isOpen && !wasOpened) setWasOpened(true);
  usePaletteKey();
  // Once opened it stays, so that it can fade and give the focus back.
  return wasOpened ? (
    <Suspense>
      <PaletteWindow />
    </Suspense>
  ) : null;
}

function usePaletteKey(): void {
  useEffect(() => {
    const toggle = (event: KeyboardEvent) => {
      const isOpen = paletteStore.getState().mode !== 'closed';
      if (!isOpen && document.querySelector('[role=dialog], [role=alertdialog]')) return;
      event.preventDefault();
      paletteStore.setState({ mode: isOpen ? 'closed' : 'commands' });
    };
    return tinykeys(window, { '$mod+k': toggle }, { capture: true });
  }, []);
}
