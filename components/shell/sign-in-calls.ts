import { isJsonObject } from '#core/json.ts';

export type SignInResult = { readonly ok: true } | { readonly ok: false; readonly message: string };

/** Signs in with e-mail and password and leaves the session's cookie in the browser. Throws when no answer came. */
export async function signInWithPassword(email: string, password: string): Promise<SignInResult> {
  const response = await postToAuth('callback/credentials', { email, password });
  const refusal = errorIn(await textIn(response, 'url').catch(() => undefined));
  if (response.ok && refusal === null) return { ok: true };
  return { ok: false, message: refusalInWords(refusal, response.status) };
}

/** Ends the session and shows the sign-in page. */
export async function signOut(): Promise<void> {
  const response = await postToAuth('signout', {});
  if (!response.ok) throw new Error(`Signing out was answered with ${response.status}.`);
  window.location.assign('/sign-in');
}

/** Posts a form as next-auth expects it: with its CSRF token, asking for JSON instead of a redirect. */
async function postToAuth(path: string, fields: Readonly<Record<string, string>>): Promise<Response> {
  const csrfToken = await textIn(await fetch('/api/auth/csrf', { cache: 'no-store' }), 'csrfToken');
  if (csrfToken === undefined) throw new Error('No answer of the sign-in was understood.');
  return fetch(`/api/auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...fields, csrfToken, json: 'true', callbackUrl: '/' }),
  });
}

async function textIn(response: Response, name: string): Promise<string | undefined> {
  const body: unknown = await response.json();
  const text = isJsonObject(body) ? body[name] : undefined;
  return typeof text === 'string' ? text : undefined;
}

function errorIn(url: string | undefined): string | null {
  return url === undefined ? null : new URL(url, window.location.origin).searchParams.get('error');
}

/** next-auth names its own refusals in one word; ours, such as too many attempts, are sentences. */
export function refusalInWords(refusal: string | null, status: number): string {
  if (refusal === 'CredentialsSignin') return 'The e-mail address or the password is wrong.';
  if (refusal !== null && refusal.includes(' ')) return refusal;
  if (status === 429) return 'Too many attempts. Wait a few minutes, then try again.';
  return 'Signing in failed. Try again; if it fails again, look into the server’s log.';
}
