'use client';

import { createContext, use, type ReactNode } from 'react';

import type { ConnectorLook, ConnectorLooks, OperationLook } from '#connectors/looks.ts';

const LooksContext = createContext<ConnectorLooks>({ connectors: {}, triggers: {} });

/** How the connectors and triggers of the registry look, read by the server: the registry itself is not loaded for a label. */
export function LooksProvider({ looks, children }: { looks: ConnectorLooks; children: ReactNode }) {
  return <LooksContext value={looks}>{children}</LooksContext>;
}

/** How connectors look, by their id; undefined for one that this version of Patchbay does not know. */
export function useConnectorLooks(): (id: string) => ConnectorLook | undefined {
  const { connectors } = use(LooksContext);
  return (id) => (Object.hasOwn(connectors, id) ? connectors[id] : undefined);
}

/** How a trigger looks, by the type of its node. */
export function useTriggerLook(type: string): OperationLook | undefined {
  const { triggers } = use(LooksContext);
  return Object.hasOwn(triggers, type) ? triggers[type] : undefined;
}
