import { type HandlerDef, handleAction } from '#connectors/handle-action.ts';
import { buildRequest } from './build-request.ts';
import { requestInput } from './definition.ts';
import { readReplyBody } from './read-reply.ts';
import { statusFailure } from './status-failure.ts';

export const httpHandlers: readonly HandlerDef[] = [
  handleAction('http.request@1', requestInput, async (settings, context) => {
    const request = buildRequest(settings, context);
    const response = await context.http(request);
    if (response.status < 200 || response.status > 299) {
      throw statusFailure(request, response, context.connection !== undefined);
    }
    return { output: { status: response.status, headers: response.headers, body: readReplyBody(response) } };
  }),
];
