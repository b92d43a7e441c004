/** Somebody's address, and the name that is shown with it. */
export interface MailAddress {
  readonly name: string;
  readonly address: string;
}

/** The local part as RFC 5321 writes it without quotes; the domain as a host name. Not internationalised. */
const ADDRESS =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/;
const NAMED = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^"<>,;@\\]*?))\s*<([^<>\s]+)>\s*$/;

const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * Reads `ada@example.com` or `Ada Lovelace <ada@example.com>`; null for anything else, lists and groups included, so that what
 * stands in one field can never be several recipients, or another header.
 */
export function readMailAddress(text: string): MailAddress | null {
  if (CONTROL.test(text) || text.length > 500) return null;
  const named = NAMED.exec(text);
  const address = named ? (named[3] ?? '') : text.trim();
  if (!ADDRESS.test(address) || address.includes('..') || address.startsWith('.') || /\.@/.test(address))
    return null;
  const name = (named?.[1]?.replace(/\\(.)/g, '$1') ?? named?.[2] ?? '').trim();
  return { name, address };
}

/** True for what `readMailAddress` reads. */
export function isMailAddress(text: string): boolean {
  return readMailAddress(text) !== null;
}
