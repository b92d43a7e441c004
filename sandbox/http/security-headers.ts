/** Headers of every reply, whatever answers. Pages may widen the policy's `form-action` with `contentSecurityPolicy`. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentSecurityPolicy(),
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // Not `no-referrer`: with it browsers send `Origin: null` along with Acme's own forms.
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/**
 * No script runs, nothing is loaded from elsewhere, nobody may frame it.
 *
 * @param formTarget an origin that a form may lead to by a redirect, such as the app that asked for consent.
 */
export function contentSecurityPolicy(formTarget?: string): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    `form-action 'self'${formTarget ? ` ${formTarget}` : ''}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
