import { ConsentFault } from '#server/oauth/consent-fault.ts';
import type { Provider } from '#server/oauth/provider.ts';
import { plainLine } from '#server/plain-line.ts';

/** By which providers say that the person did not want to. */
const DENIED: ReadonlySet<string> = new Set([
  'access_denied',
  'user_denied',
  'user_cancelled_login',
  'user_cancelled_authorize',
]);

/** What the usual refusals mean to whoever reads them. */
const MEANS: Readonly<Record<string, string>> = {
  invalid_scope: 'it does not give the OAuth app a scope that is asked for',
  unauthorized_client: 'it does not accept the OAuth app',
  invalid_client: 'it does not accept the OAuth app',
  server_error: 'it has a problem of its own just now',
  temporarily_unavailable: 'it has a problem of its own just now',
};

/**
 * The code in what a provider sent a person back with, if that is the answer of the provider that was asked. Throws `ConsentFault`
 * with the reason in plain words; nothing of the query but the provider's short words is repeated.
 */
export function readAnswer(provider: Provider, query: URLSearchParams): string {
  const { label } = provider;
  const [code, error, issuer] = ['code', 'error', 'iss'].map((name) => single(provider, query, name));
  checkIssuer(provider, issuer ?? null);
  if (error) throw refusal(label, error, query.get('error_description'));
  if (!code) throw new ConsentFault('failed', `${label} sent you back without a code. Try again.`);
  return code;
}

/** RFC 6749, 3.1: no parameter comes twice. */
function single({ label }: Provider, query: URLSearchParams, name: string): string | undefined {
  const [value, ...others] = query.getAll(name);
  if (others.length === 0) return value;
  throw new ConsentFault(
    'failed',
    `The answer of ${label} contradicts itself. Nothing was changed. Try again.`,
  );
}

/** RFC 9207: a code of one server is never shown to another. */
function checkIssuer(provider: Provider, said: string | null): void {
  const { label, facts, issuer, authorizeUrl, tokenUrl } = provider;
  if (said === issuer || (said === null && facts.requiresIssuer !== true)) return;
  if (said === null)
    throw new ConsentFault(
      'failed',
      `The answer does not say that it is from ${label} (“iss”). Nothing was changed. Where that is never said, leave the issuer empty.`,
    );
  const origins = [authorizeUrl, tokenUrl].map((url) => new URL(url).origin);
  if (issuer === null && URL.canParse(said) && origins.includes(new URL(said).origin)) return;
  throw new ConsentFault('failed', `The answer came from another server than ${label}. Nothing was changed.`);
}

function refusal(label: string, error: string, description: string | null): ConsentFault {
  if (DENIED.has(error))
    return new ConsentFault('denied', `You did not allow it at ${label}. Nothing was changed.`);
  const word = plainLine(error, 100);
  const meaning = Object.hasOwn(MEANS, error) ? `${MEANS[error]}: ` : '';
  const sentence = plainLine(description ?? '', 300);
  const says = sentence === '' ? '' : ` (${sentence})`;
  return new ConsentFault('failed', `${label} refused: ${meaning}${word}${says}. Nothing was changed.`);
}
