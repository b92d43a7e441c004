import type { HandlerDef } from '#connectors/handle-action.ts';
import { httpHandlers } from '#connectors/kit/http-handlers.ts';
import { slack } from './definition.ts';

export const slackHandlers: readonly HandlerDef[] = httpHandlers(slack);
