import type { HttpResponse, OAuthDef } from '#connectors/contract.ts';
import { readRetryAfter } from '#connectors/http/read-reset.ts';
import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';
import { hideSecrets } from '#server/hide-secrets.ts';
import { refusalReason, type RefusalReason } from '#server/oauth/refusal-reason.ts';
import { plainLine } from '#server/plain-line.ts';

/** What a provider gave. */
export interface Tokens {
  readonly accessToken: string;
  /** Null when it gave none: the one at hand, if any, stays. */
  readonly refreshToken: string | null;
  /** Null when the token lives until it is refused. */
  readonly expiresInSeconds: number | null;
  /** Null when the answer does not say: those that were asked for. */
  readonly scopes: readonly string[] | null;
  /** Of the answer, what becomes fields of the connection. */
  readonly kept: Readonly<Record<string, string>>;
}

/**
 * Why a provider gave none. `grant`: what was shown is good for nothing, for ever; somebody has to consent again. `client`: the
 * OAuth app is refused, whoever consents. `passing`: it may work later.
 */
export class TokenRefusal extends Error {
  override name = 'TokenRefusal';
  readonly reason: RefusalReason;
  /** The provider's own word, such as `invalid_grant`. */
  readonly code: string;
  /** When to ask again, where the provider said so. */
  readonly retryAfterMs: number | null;

  constructor(reason: RefusalReason, code: string, message: string, retryAfterMs: number | null = null) {
    super(message);
    this.reason = reason;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

const MAX_WORD = 100;
const MAX_SENTENCE = 300;

/**
 * Reads the answer to a request for a token. Some refuse with status 200. Throws `TokenRefusal`.
 *
 * @param secrets what the provider was shown: hidden in all that people read, before that is cut to its length.
 */
export function readTokenAnswer(
  { facts, label }: { readonly facts: OAuthDef; readonly label: string },
  response: HttpResponse,
  secrets: readonly string[] = [],
): Tokens {
  const answer = parse(response);
  const isFine = response.status >= 200 && response.status <= 299;
  if (!isFine || isRefusal(answer)) throw refusal(label, hideSecrets(answer, secrets), response);
  const place = facts.tokenAt === undefined ? answer : at(answer, facts.tokenAt);
  const accessToken = isJsonObject(place) ? place['access_token'] : undefined;
  if (!isJsonObject(place) || typeof accessToken !== 'string' || accessToken === '')
    throw new TokenRefusal('passing', 'no_token', `${label} answered without a token.`);
  const { refresh_token: given, scope = null } = place;
  const refreshToken = typeof given === 'string' && given !== '' ? given : null;
  const fresh = refreshToken === null ? [accessToken] : [accessToken, refreshToken];
  return {
    accessToken,
    refreshToken,
    expiresInSeconds: secondsOf(place['expires_in']) ?? facts.expiresInSeconds ?? null,
    scopes: scopesOf(hideSecrets(scope, [...secrets, ...fresh])),
    kept: keptOf(facts, answer),
  };
}

function parse({ body, headers }: HttpResponse): Json {
  const text = Buffer.from(body).toString('utf8');
  const isForm = (headers['content-type'] ?? '').includes('x-www-form-urlencoded');
  if (!isForm) {
    try {
      return JSON.parse(text) as Json;
    } catch {
      // Some send a form and call it text.
      if (!/^(access_token|error)=[^<\s]+$/.test(text)) return null;
    }
  }
  return Object.fromEntries(new URLSearchParams(text));
}

function isRefusal(answer: Json): boolean {
  if (!isJsonObject(answer)) return false;
  const { error, ok } = answer;
  return ok === false || (error !== undefined && error !== null && error !== '');
}

function refusal(label: string, answer: Json, response: HttpResponse): TokenRefusal {
  const { status, headers } = response;
  const said = isJsonObject(answer) ? answer : {};
  const code = wordOf(said) ?? (isRefusal(answer) ? 'refused' : `http_${status}`);
  const says = sentenceOf(said);
  const reason = refusalReason({ code, says, status });
  const told = says === '' ? code : `${code} (${says})`;
  return new TokenRefusal(
    reason,
    code,
    `${label} ${MEANS[reason]}: ${told}.`,
    readRetryAfter(headers) ?? null,
  );
}

const MEANS: Readonly<Record<RefusalReason, string>> = {
  grant: 'no longer accepts this connection',
  client: 'refuses the OAuth app',
  passing: 'gave no token',
};

/** The provider's own word: RFC 6749's place for it, that of an object there, then Notion's and HubSpot's. */
function wordOf(said: JsonObject): string | undefined {
  const inner = isJsonObject(said['error']) ? said['error'] : {};
  const candidates = [said['error'], inner['code'], inner['type'], said['code'], said['status']];
  const word = candidates.find((each) => typeof each === 'string' && each !== '');
  return typeof word === 'string' ? plainLine(word, MAX_WORD) : undefined;
}

function sentenceOf(said: JsonObject): string {
  const inner = isJsonObject(said['error']) ? said['error'] : {};
  const sentence = said['error_description'] ?? said['message'] ?? inner['message'];
  return typeof sentence === 'string' ? plainLine(sentence, MAX_SENTENCE) : '';
}

function scopesOf(scope: Json): string[] | null {
  const listed = Array.isArray(scope) ? scope.filter((each) => typeof each === 'string').join(' ') : scope;
  return typeof listed === 'string' ? listed.split(/[\s,]+/).filter((each) => each !== '') : null;
}

function keptOf({ keep = {} }: OAuthDef, answer: Json): Record<string, string> {
  return Object.fromEntries(
    Object.entries(keep).flatMap(([field, pointer]) => {
      const value = at(answer, pointer);
      return typeof value === 'string' || typeof value === 'number' ? [[field, String(value)]] : [];
    }),
  );
}

/** What a JSON pointer (RFC 6901) points to; undefined for nothing. */
export function at(value: Json, pointer: string): Json | undefined {
  let found: Json | undefined = value;
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(found)) found = found[Number(name)] as Json | undefined;
    else if (isJsonObject(found)) found = Object.hasOwn(found, name) ? found[name] : undefined;
    else return undefined;
  }
  return found;
}

function secondsOf(value: Json | undefined): number | undefined {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}
