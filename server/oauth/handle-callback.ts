import { actorFromSession } from '#server/auth/actor-from-session.ts';
import { cookieValue, usesSecureCookies } from '#server/auth/session-cookie.ts';
import { isOwnOrLoopbackOrigin } from '#server/auth/same-origin.ts';
import { beginConsent } from '#server/oauth/begin-consent.ts';
import { openConnectLink } from '#server/oauth/connect-links.ts';
import { finishConsent } from '#server/oauth/finish-consent.ts';
import { env } from '#server/env.ts';
import { ProblemError } from '#server/problem.ts';

const MAX_AGE_SECONDS = 600;

/** `GET /oauth/callback`: finishes a consent and sends the person to the page that says what came of it, so that no code stays in the address. */
export async function handleCallback(request: Request, address: string): Promise<Response> {
  // Next answers HEAD by GET: who only looks uses nothing up.
  if (request.method !== 'GET') return new Response(null, { status: 405, headers: { allow: 'GET' } });
  const cookies = request.headers.get('cookie') ?? '';
  const id = await finishConsent({
    query: new URL(request.url).searchParams,
    actor: await actorFromSession(cookies, address),
    binding: cookieValue(cookies, consentCookie()),
    address,
  });
  return redirect(`/oauth/done/${id ?? 'unknown'}`);
}

/** `POST /connect/<token>/go`: begins the consent of a link, in the browser of whoever holds it. */
export async function handleLinkStart(request: Request, token: string): Promise<Response> {
  if (!isOwnOrLoopbackOrigin(request.headers)) return redirect(`/connect/${encodeURIComponent(token)}`);
  const link = await openConnectLink(token);
  if (link?.state !== 'open') return redirect(`/connect/${encodeURIComponent(token)}`);
  try {
    const { url, binding } = await beginConsent(link, { linkId: link.id });
    const secure = usesSecureCookies() ? '; Secure' : '';
    const cookie = `${consentCookie()}=${binding}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${MAX_AGE_SECONDS}${secure}`;
    return onward(url, cookie);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return redirect(`/connect/${encodeURIComponent(token)}?unready`);
  }
}

/** A page that goes on by itself: a redirect after a form would be held against this site's `form-action`. */
function onward(url: string, cookie: string): Response {
  const address = url.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  const page = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><meta http-equiv="refresh" content="0;url=${address}"><title>Going on</title><p><a href="${address}">Go on</a>`;
  return new Response(page, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'set-cookie': cookie,
    },
  });
}

function redirect(path: string): Response {
  return new Response(null, {
    status: 303,
    headers: {
      location: env().publicUrl + path,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    },
  });
}

function consentCookie(): string {
  return `${usesSecureCookies() ? '__Host-' : ''}patchbay.consent`;
}
