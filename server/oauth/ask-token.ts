import type { HttpClient } from '#connectors/contract.ts';
import { StepFailure } from '#core/step-failure.ts';
import { egressClient } from '#server/egress/egress-client.ts';
import type { Provider } from '#server/oauth/provider.ts';
import { readTokenAnswer, TokenRefusal, type Tokens } from '#server/oauth/token-answer.ts';
import { tokenRequest, type Grant } from '#server/oauth/token-request.ts';

/** Asks a provider for a token, once. Throws `TokenRefusal`; never repeats by itself, because a grant may work but once. */
export async function askToken(
  provider: Provider,
  grant: Grant,
  http: HttpClient = egressClient(),
): Promise<Tokens> {
  const response = await http(tokenRequest(provider, grant)).catch((error: unknown) => {
    if (!(error instanceof StepFailure)) throw error;
    const { code, message } = error.error;
    throw new TokenRefusal('passing', code, `${provider.label} could not be asked for a token: ${message}`);
  });
  return readTokenAnswer(provider.facts, provider.label, response);
}
