import type { HandlerDef } from '#connectors/handle-action.ts';
import { httpHandlers } from '#connectors/kit/http-handlers.ts';
import { acme } from './definition.ts';

export const acmeHandlers: readonly HandlerDef[] = httpHandlers(acme);
