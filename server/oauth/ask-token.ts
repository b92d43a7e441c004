import type { HttpClient } from '#connectors/contract.ts';
import { StepFailure } from '#core/step-failure.ts';
import { shownBy } from '#server/connections/shown-by.ts';
import { egressClient } from '#server/egress/egress-client.ts';
import { hideSecrets } from '#server/hide-secrets.ts';
import type { Provider } from '#server/oauth/provider.ts';
import { readTokenAnswer, TokenRefusal, type Tokens } from '#server/oauth/token-answer.ts';
import { tokenRequest, type Grant } from '#server/oauth/token-request.ts';

/**
 * Asks a provider for a token, once. Throws `TokenRefusal`; never repeats by itself, because a grant may work but once. Nothing that was
 * shown to the provider stands in what it is said to have answered.
 *
 * @param known other secrets that the provider knows.
 */
export async function askToken(
  provider: Provider,
  grant: Grant,
  known: readonly string[] = [],
  http: HttpClient = egressClient(),
): Promise<Tokens> {
  const request = tokenRequest(provider, grant);
  const secrets = [...known, ...shownBy(request), provider.client.secret, ...secretsIn(grant)];
  const response = await http(request).catch((error: unknown) => {
    if (!(error instanceof StepFailure)) throw error;
    const { code, message } = error.error;
    const says = hideSecrets(message, secrets);
    throw new TokenRefusal('passing', code, `${provider.label} could not be asked for a token: ${says}`);
  });
  return readTokenAnswer(provider, response, secrets);
}

function secretsIn(grant: Grant): string[] {
  switch (grant.kind) {
    case 'code':
      return [grant.code, grant.verifier];
    case 'refresh':
      return [grant.refreshToken];
    case 'client':
      return [];
  }
}
