import type { HttpResponse, OAuthDef } from '#connectors/contract.ts';
import type { Json } from '#core/json.ts';
import { at } from '#server/oauth/token-answer.ts';

/** Refusals are short. */
const LOOKED_AT_BYTES = 65_536;

/** Whether a reply refuses the token: by status 401, or as the connector says. Then the call was not carried out. */
export function isTokenRefused(facts: OAuthDef | undefined, { status, body }: HttpResponse): boolean {
  if (!facts) return false;
  if (status === 401) return true;
  const { isTokenRefused: says } = facts;
  if (!says || body.length > LOOKED_AT_BYTES) return false;
  const word = at(parse(body), says.at);
  return typeof word === 'string' && says.words.includes(word);
}

function parse(body: Uint8Array): Json {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8')) as Json;
  } catch {
    return null;
  }
}
