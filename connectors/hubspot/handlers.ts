import type { HandlerDef } from '#connectors/handle-action.ts';
import { httpHandlers } from '#connectors/kit/http-handlers.ts';
import { hubspot } from './definition.ts';

export const hubspotHandlers: readonly HandlerDef[] = httpHandlers(hubspot);
