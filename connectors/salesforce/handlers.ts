import type { HandlerDef } from '#connectors/handle-action.ts';
import { httpHandlers } from '#connectors/kit/http-handlers.ts';
import { salesforce } from './definition.ts';

export const salesforceHandlers: readonly HandlerDef[] = httpHandlers(salesforce);
