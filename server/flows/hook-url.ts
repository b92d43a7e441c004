import { env } from '#server/env.ts';

/** The public address of a hook. */
export function hookUrl(token: string): string {
  return `${env().publicUrl}/hooks/${token}`;
}
