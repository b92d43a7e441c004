'use client';

import { useEffect, useSyncExternalStore } from 'react';

import { loadOnce } from './load-once.ts';
import type * as popupModule from './popup-parts.ts';

type PopupParts = typeof popupModule;

const popups = loadOnce(() => import('./popup-parts.ts'));

/** Loads what menus, selects, popovers, tooltips and dialogs are made of; once. */
export const loadPopups = popups.load;

/** The parts once they are loaded. With `isWanted` they are loaded now. */
export function usePopups(isWanted = false): PopupParts | undefined {
  useEffect(() => {
    if (isWanted) void loadPopups();
  }, [isWanted]);
  return useSyncExternalStore(popups.listen, popups.get, () => undefined);
}

/** For what is only drawn inside of something that floats, so after the parts were loaded. */
export function popupParts(): PopupParts {
  const parts = popups.get();
  if (parts === undefined)
    throw new Error('This stands outside of the menu, select or dialog that it belongs to.');
  return parts;
}
