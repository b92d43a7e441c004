import type { HandlerDef } from '#connectors/handle-action.ts';
import { httpHandlers } from '#connectors/kit/http-handlers.ts';
import { stripe } from './definition.ts';

export const stripeHandlers: readonly HandlerDef[] = httpHandlers(stripe);
