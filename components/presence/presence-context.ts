'use client';

import { createContext, use } from 'react';

import type { Person } from './people.ts';

export const PresenceContext = createContext<readonly Person[]>([]);

/** Everybody else who has this flow open now. */
export function usePeople(): readonly Person[] {
  return use(PresenceContext);
}
