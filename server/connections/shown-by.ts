import type { HttpRequest } from '#connectors/contract.ts';

/** The credentials in an authenticated request's `Authorization`, without the word before: what was made for this call alone. */
export function shownBy({ headers = {} }: HttpRequest): string[] {
  const value = headers['authorization'];
  return value === undefined ? [] : [value.replace(/^\S+ /, '')];
}
