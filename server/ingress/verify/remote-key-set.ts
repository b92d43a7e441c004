import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type FetchImplementation,
  type JWTVerifyGetKey,
} from 'jose';

import { egressClient } from '#server/egress/egress-client.ts';

/** Raised when a key set cannot be fetched: a matter of our network or theirs, not of the token. */
export class KeySetUnavailableError extends Error {
  override name = 'KeySetUnavailableError';
}

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 1_048_576;
/** After a failed fetch nobody is asked again for so long: each request with a made-up token would cost a call. */
const FAILURE_COOLDOWN_MS = 5_000;

/**
 * The public keys at a URL, fetched through the egress client and kept for ten minutes. A key id that is not among them
 * causes another fetch, at most every 30 s.
 */
export function remoteKeySet(url: string): JWTVerifyGetKey {
  let failedAt = -Infinity;
  const fetchKeys: FetchImplementation = async (address, { signal }) => {
    if (performance.now() - failedAt < FAILURE_COOLDOWN_MS) throw unavailable(url);
    try {
      return await fetchKeySet(address, signal);
    } catch (cause) {
      failedAt = performance.now();
      throw unavailable(url, cause);
    }
  };
  return createRemoteJWKSet(new URL(url), { timeoutDuration: TIMEOUT_MS, [customFetch]: fetchKeys });
}

async function fetchKeySet(url: string, signal: AbortSignal): Promise<Response> {
  const headers = { accept: 'application/json, application/jwk-set+json' };
  const reply = await egressClient()({
    method: 'GET',
    url,
    headers,
    signal,
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
  });
  if (reply.status !== 200) throw new Error(`the answer was ${reply.status}`);
  const keys: unknown = JSON.parse(Buffer.from(reply.body).toString('utf8'));
  if (!isKeySet(keys)) throw new Error('the answer is not a JSON Web Key Set');
  return Response.json(keys);
}

function isKeySet(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'keys' in value && Array.isArray(value.keys);
}

function unavailable(url: string, cause?: unknown): KeySetUnavailableError {
  return new KeySetUnavailableError(`The key set at ${url} cannot be fetched.`, { cause });
}

/** True for what is wrong with the token; false for what is wrong with us. */
export function isTokenFault(error: unknown): boolean {
  return (
    error instanceof TypeError ||
    (error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout))
  );
}
