import { z } from 'zod';

import type { Page } from '#core/api/common.ts';
import { ProblemError } from '#server/problem.ts';

/** The place of a list's last item, opaque to clients. */
export function encodeCursor(place: object): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** The time in a cursor: to the microsecond, which a Date cannot hold, and within the years that Postgres takes. */
export const exactTimeSchema = z.iso.datetime().regex(/^[1-9]/);

/** Reads a cursor that a client sent back; undefined for none. Throws 400 for anything but a cursor of the same kind. */
export function decodeCursor<T>(cursor: string | undefined, place: z.ZodType<T>): T | undefined {
  if (cursor === undefined) return undefined;
  const parsed = place.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (parsed.success) return parsed.data;
  const message =
    'This is no cursor of this list. Use the “next” of its last page, or leave the parameter out.';
  throw new ProblemError({
    status: 400,
    code: 'invalid_cursor',
    title: 'The request is not valid',
    detail: message,
    errors: [{ pointer: '/cursor', message, code: 'invalid_cursor' }],
  });
}

/** A page out of `limit + 1` rows: the extra row says that another page follows. */
export function pageOf<T>(rows: readonly T[], limit: number, place: (row: T) => object): Page<T> {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  return { data, next: rows.length > limit && last !== undefined ? encodeCursor(place(last)) : null };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
