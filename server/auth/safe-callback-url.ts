/** A path of this site to go to after sign-in; `/` for everything that could lead elsewhere. */
export function safeCallbackPath(wanted: string, baseUrl: string): string {
  // Browsers read a backslash as a slash, and drop control characters inside URLs.
  if (/[\\\u0000-\u001f\u007f]/.test(wanted)) return '/';
  if (!wanted.startsWith('/') && !wanted.startsWith(`${baseUrl}/`)) return '/';
  if (!URL.canParse(wanted, baseUrl)) return '/';
  const url = new URL(wanted, baseUrl);
  if (url.origin !== baseUrl || url.pathname.startsWith('//')) return '/';
  return url.pathname + url.search + url.hash;
}
