import type { ConnectorDef } from '#connectors/contract.ts';
import { CONNECTORS } from '#connectors/definitions.ts';

/** A connector by its id; undefined for one that this version of Patchbay does not know. */
export function findConnector(id: string): ConnectorDef | undefined {
  return CONNECTORS.find((connector) => connector.id === id);
}
