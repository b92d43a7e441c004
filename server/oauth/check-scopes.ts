import { ConsentFault } from '#server/oauth/consent-fault.ts';
import type { Provider } from '#server/oauth/provider.ts';
import type { Tokens } from '#server/oauth/token-answer.ts';

/** Of OpenID Connect: about who signs in, not what is allowed. Providers leave them out of the answer, or rename them. */
const IDENTITY: ReadonlySet<string> = new Set(['openid', 'profile', 'email', 'address', 'phone']);

/** By which a refresh token is asked for; the second is Salesforce's. */
const OFFLINE: ReadonlySet<string> = new Set(['offline_access', 'refresh_token']);

/** Throws `ConsentFault` that names, in words, what was asked for and not granted. */
export function checkScopes(provider: Provider, tokens: Tokens): void {
  const missing = missingScopes(provider.scopes, tokens);
  if (missing.length === 0) return;
  const words = missing.map((scope) => provider.facts.scopes.find(({ id }) => id === scope)?.says ?? scope);
  throw new ConsentFault(
    'missing_scope',
    `${provider.label} did not grant all that is needed. Missing: ${words.join(', ')}. Try again and leave everything ticked.`,
  );
}

/** Scopes that were asked for and not granted. An answer that names none grants all of them (RFC 6749, 5.1). */
export function missingScopes(
  asked: readonly string[],
  { scopes, refreshToken }: Pick<Tokens, 'scopes' | 'refreshToken'>,
): string[] {
  if (scopes === null) return [];
  const isGranted = (scope: string) => scopes.some((granted) => isSame(granted, scope));
  return asked.filter((scope) => {
    if (IDENTITY.has(scope) || isGranted(scope)) return false;
    // Some never list it: they show it by the token that it gives.
    return !OFFLINE.has(scope) || refreshToken === null;
  });
}

/** Microsoft names a scope with or without the address of its API, whichever way it was asked for. */
function isSame(granted: string, asked: string): boolean {
  const [a, b] = [granted.toLowerCase(), asked.toLowerCase()];
  return a === b || isBehindAddress(a, b) || isBehindAddress(b, a);
}

function isBehindAddress(long: string, short: string): boolean {
  return /^(https|api):\/\//.test(long) && !short.includes('/') && long.endsWith(`/${short}`);
}
