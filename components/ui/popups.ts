'use client';

import { useEffect, useSyncExternalStore } from 'react';

import type * as popupModule from './popup-parts.ts';

type PopupParts = typeof popupModule;

let parts: PopupParts | undefined;
let coming: Promise<void> | undefined;
const listeners = new Set<() => void>();

/** Loads what menus, selects, popovers, tooltips and dialogs are made of; once. */
export function loadPopups(): Promise<void> {
  coming ??= import('./popup-parts.ts').then(
    (loaded) => {
      parts = loaded;
      for (const tell of listeners) tell();
    },
    (error: unknown) => {
      // The next sign of a person tries again.
      coming = undefined;
      console.warn('Menus and dialogs could not be loaded; will try again', error);
    },
  );
  return coming;
}

/** The parts once they are loaded. With `isWanted` they are loaded now. */
export function usePopups(isWanted = false): PopupParts | undefined {
  useEffect(() => {
    if (isWanted) void loadPopups();
  }, [isWanted]);
  return useSyncExternalStore(
    listen,
    () => parts,
    () => undefined,
  );
}

/** For what is only drawn inside of something that floats, so after the parts were loaded. */
export function popupParts(): PopupParts {
  if (parts === undefined)
    throw new Error('This stands outside of the menu, select or dialog that it belongs to.');
  return parts;
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
