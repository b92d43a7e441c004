import { connectorLooks, stepLooks, type ConnectorLooks, type StepLooks } from '#connectors/looks.ts';

/** The same for everybody and on every page, so made once. */
export const CONNECTOR_LOOKS: ConnectorLooks = connectorLooks();

/** The same for every run. */
export const STEP_LOOKS: StepLooks = stepLooks();
