'use client';

import { createContext, useContext, type ReactNode } from 'react';

import type { Right } from './right.ts';

const RightsContext = createContext<ReadonlySet<Right>>(new Set());

export function RightsProvider({ rights, children }: { rights: readonly Right[]; children: ReactNode }) {
  return <RightsContext value={new Set(rights)}>{children}</RightsContext>;
}

/** True when the signed-in person's role has the right. */
export function useRight(right: Right): boolean {
  return useContext(RightsContext).has(right);
}
