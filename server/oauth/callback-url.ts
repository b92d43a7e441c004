import { env } from '#server/env.ts';

/** Where every provider sends people back to. */
export function callbackUrl(): string {
  return `${env().publicUrl}/oauth/callback`;
}
