'use client';

import { createContext, useContext, type ReactNode } from 'react';

/** The rights that pages ask about to show or hide a button. The server decides again on every call. */
export type Right =
  | 'flow:edit'
  | 'flow:publish'
  | 'flow:delete'
  | 'run:start'
  | 'run:cancel'
  | 'connection:manage'
  | 'api_key:manage'
  | 'audit:read';

export const RIGHTS_SHOWN: readonly Right[] = [
  'flow:edit',
  'flow:publish',
  'flow:delete',
  'run:start',
  'run:cancel',
  'connection:manage',
  'api_key:manage',
  'audit:read',
];

const RightsContext = createContext<ReadonlySet<Right>>(new Set());

export function RightsProvider({ rights, children }: { rights: readonly Right[]; children: ReactNode }) {
  return <RightsContext value={new Set(rights)}>{children}</RightsContext>;
}

/** True when the signed-in person's role has the right. */
export function useRight(right: Right): boolean {
  return useContext(RightsContext).has(right);
}
