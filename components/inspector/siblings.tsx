'use client';

import { createContext, use } from 'react';

import type { Json } from '#core/json.ts';

const SiblingsContext = createContext<readonly Json[]>([]);

/** Tells the settings in an item of a list what the other items are. */
export const SiblingsProvider = SiblingsContext;

/** The other items of the list that this setting is in; none outside of lists. */
export function useSiblings(): readonly Json[] {
  return use(SiblingsContext);
}
