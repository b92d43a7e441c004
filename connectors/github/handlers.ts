import type { HandlerDef } from '#connectors/handle-action.ts';
import { httpHandlers } from '#connectors/kit/http-handlers.ts';
import { isJsonObject, type Json } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';
import { github } from './definition.ts';

export const githubHandlers: readonly HandlerDef[] = httpHandlers(github, { finish: { get_file: withText } });

/** GitHub sends files in base64, with line breaks in it; lists for folders, and nothing for what is larger than 1 MB. */
function withText(reply: Json): Json {
  const { content, encoding, ...file } = isJsonObject(reply) ? reply : {};
  if (typeof content === 'string' && encoding === 'base64')
    return { ...file, text: Buffer.from(content, 'base64').toString('utf8') };
  const message = Array.isArray(reply)
    ? 'This path is a folder. Write the path of a file in it.'
    : 'GitHub gives no content for this path: it is no file, or one larger than 1 MB.';
  throw new StepFailure({ kind: 'invalid', code: 'not_a_file', message, pointer: '/config/path' });
}
