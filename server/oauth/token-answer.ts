import type { HttpResponse, OAuthDef } from '#connectors/contract.ts';
import { isJsonObject, type Json } from '#core/json.ts';

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
  readonly reason: 'grant' | 'client' | 'passing';
  /** The provider's own word, such as `invalid_grant`. */
  readonly code: string;
  /** When to ask again, where the provider said so. */
  readonly retryAfterMs: number | null;

  constructor(
    reason: TokenRefusal['reason'],
    code: string,
    message: string,
    retryAfterMs: number | null = null,
  ) {
    super(message);
    this.reason = reason;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Words by which providers say that a grant has ended: RFC 6749's, then Slack's, GitHub's and Salesforce's own. */
const GRANT_ENDED: ReadonlySet<string> = new Set([
  'invalid_grant',
  'token_revoked',
  'token_expired',
  'invalid_refresh_token',
  'bad_refresh_token',
  'bad_verification_code',
  'invalid_code',
  'code_already_used',
  'account_inactive',
  'inactive_user',
  'access_denied',
]);
const CLIENT_REFUSED: ReadonlySet<string> = new Set([
  'invalid_client',
  'invalid_client_id',
  'bad_client_secret',
  'incorrect_client_credentials',
  'unauthorized_client',
  'unsupported_grant_type',
  'redirect_uri_mismatch',
  'bad_redirect_uri',
  'invalid_redirect_uri',
  'invalid_scope',
]);
const MAX_WORD = 300;

/** Reads the answer to a request for a token. Some refuse with status 200. Throws `TokenRefusal`. */
export function readTokenAnswer(facts: OAuthDef, label: string, response: HttpResponse): Tokens {
  const answer = parse(response);
  const refused = refusalIn(answer);
  if (refused !== null || response.status < 200 || response.status > 299) {
    throw refusal(label, refused, response);
  }
  const place = facts.tokenAt === undefined ? answer : at(answer, facts.tokenAt);
  const accessToken = isJsonObject(place) ? place['access_token'] : undefined;
  if (!isJsonObject(place) || typeof accessToken !== 'string' || accessToken === '')
    throw new TokenRefusal('passing', 'no_token', `${label} answered without a token.`);
  const { refresh_token: refreshToken, scope } = place;
  return {
    accessToken,
    refreshToken: typeof refreshToken === 'string' && refreshToken !== '' ? refreshToken : null,
    expiresInSeconds: secondsOf(place['expires_in']) ?? facts.expiresInSeconds ?? null,
    scopes: typeof scope === 'string' ? scope.split(/[\s,]+/).filter((each) => each !== '') : null,
    kept: keptOf(facts, answer),
  };
}

function parse({ body, headers }: HttpResponse): Json {
  const text = Buffer.from(body).toString('utf8');
  if ((headers['content-type'] ?? '').includes('x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(text));
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

/** The provider's word for its refusal; null when the answer is none. */
function refusalIn(answer: Json): { readonly code: string; readonly says: string } | null {
  if (!isJsonObject(answer)) return null;
  const { error } = answer;
  const isRefused = answer['ok'] === false || (error !== undefined && error !== null && error !== '');
  if (!isRefused) return null;
  const inner = isJsonObject(error) ? error : {};
  const code = textOf(isJsonObject(error) ? (inner['code'] ?? inner['type']) : error) || 'refused';
  const says = textOf(answer['error_description'] ?? answer['message'] ?? inner['message']);
  return { code, says };
}

function refusal(
  label: string,
  refused: { readonly code: string; readonly says: string } | null,
  { status, headers }: HttpResponse,
): TokenRefusal {
  const code = refused?.code ?? `http_${status}`;
  const says = refused?.says ? ` (${refused.says})` : '';
  if (GRANT_ENDED.has(code))
    return new TokenRefusal('grant', code, `${label} no longer accepts this connection: ${code}${says}.`);
  if (CLIENT_REFUSED.has(code))
    return new TokenRefusal('client', code, `${label} refuses the OAuth app: ${code}${says}.`);
  const seconds = Number(headers['retry-after'] ?? '');
  const retryAfterMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : null;
  return new TokenRefusal('passing', code, `${label} gave no token: ${code}${says}.`, retryAfterMs);
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

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value.slice(0, MAX_WORD) : '';
}
