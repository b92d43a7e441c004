import { decode } from 'next-auth/jwt';

import { env } from '#server/env.ts';
import { derivedSecrets, deriveSecret } from '#server/vault/key-ring.ts';

const PURPOSE = 'next-auth session envelope';

/** What the encrypted cookie carries. It proves nothing by itself: the `session` row decides. */
export interface SessionEnvelope {
  readonly userId: string;
  /** 256 random bits; the row holds their SHA-256. */
  readonly token: string;
}

/** Secure cookies with the `__Host-` prefix where the site is served over https; browsers refuse both over http. */
export function usesSecureCookies(): boolean {
  return env().publicUrl.startsWith('https://');
}

export function cookieName(name: 'session' | 'csrf' | 'callback'): string {
  return `${usesSecureCookies() ? '__Host-' : ''}patchbay.${name}`;
}

/** The secret that next-auth encrypts the envelope with. */
export function envelopeSecret(): string {
  return deriveSecret(PURPOSE).toString('base64url');
}

/** The envelope in a `Cookie` header; null when there is none or it is not ours. Never throws. */
export async function readSessionCookie(cookieHeader: string): Promise<SessionEnvelope | null> {
  const value = cookieValue(cookieHeader, cookieName('session'));
  return value === null ? null : openEnvelope(value);
}

export async function openEnvelope(value: string): Promise<SessionEnvelope | null> {
  for (const secret of derivedSecrets(PURPOSE)) {
    const envelope = await openWith(secret.toString('base64url'), value);
    if (envelope) return envelope;
  }
  return null;
}

async function openWith(secret: string, value: string): Promise<SessionEnvelope | null> {
  try {
    const payload = await decode({ token: value, secret });
    const { sub, session } = payload ?? {};
    return typeof sub === 'string' && typeof session === 'string' ? { userId: sub, token: session } : null;
  } catch {
    // Not encrypted by us, damaged, or past its time: nobody is signed in.
    return null;
  }
}

/** A cookie of a `Cookie` header; null when it is not there. */
export function cookieValue(header: string, name: string): string | null {
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
}
