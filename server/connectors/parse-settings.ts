import { isJsonObject, type JsonObject } from '#core/json.ts';
import { ProblemError } from '#server/problem.ts';

/** Settings that came as the text of a JSON object. Throws 400 for any other text. */
export function parseSettings(text: string): JsonObject {
  const parsed = parse(text);
  if (isJsonObject(parsed)) return parsed;
  const message = 'The settings must be a JSON object, such as {"repository":"octo/hello"}.';
  throw new ProblemError({
    status: 400,
    code: 'invalid_request',
    title: 'The request is not valid',
    detail: message,
    errors: [{ pointer: '/settings', message }],
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
