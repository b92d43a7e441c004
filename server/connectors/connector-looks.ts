import { connectorLooks, type ConnectorLooks } from '#connectors/looks.ts';

/** The same for everybody and on every page, so made once. */
export const CONNECTOR_LOOKS: ConnectorLooks = connectorLooks();
