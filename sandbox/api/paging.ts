import { z } from 'zod';

import { invalid } from '#sandbox/problem.ts';

/** Of every list of records that change. */
export const pageQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50).describe('Records a page.'),
  cursor: z.string().max(200).optional().describe('`nextCursor` of the page before.'),
  updated_since: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('Only what changed at this moment or later.'),
});

export function pageSchema(record: z.ZodType) {
  return z.strictObject({
    data: z.array(record),
    nextCursor: z.string().nullable().describe('Null on the last page.'),
  });
}

interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

/**
 * One page of records, the one that changed longest ago first. What changes while somebody turns the pages moves to the end:
 * it may be seen twice, it is never missed. Throws a `Problem` (422) for a cursor that none of the pages gave.
 */
export function pageOf<T extends { readonly updatedAt: string }>(
  records: ReadonlyMap<string, T>,
  query: z.output<typeof pageQuerySchema>,
): Page<T> {
  const after = query.cursor === undefined ? '' : readCursor(query.cursor);
  const since = query.updated_since === undefined ? '' : new Date(query.updated_since).toISOString();
  const found = [...records.values()]
    .filter(({ updatedAt }) => updatedAt > after && updatedAt >= since)
    .sort((a, b) => (a.updatedAt < b.updatedAt ? -1 : 1));
  const data = found.slice(0, query.limit);
  const last = data.at(-1);
  return { data, nextCursor: last && found.length > data.length ? writeCursor(last.updatedAt) : null };
}

/** No two records have the same `updatedAt`, so it alone says where a page ended. */
function writeCursor(updatedAt: string): string {
  return Buffer.from(JSON.stringify({ after: updatedAt })).toString('base64url');
}

function readCursor(cursor: string): string {
  try {
    const { after } = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as { after?: unknown };
    if (typeof after === 'string' && !Number.isNaN(Date.parse(after))) return after;
  } catch {
    // Said below.
  }
  throw invalid([{ field: 'cursor', message: 'is not one that a page gave' }]);
}
