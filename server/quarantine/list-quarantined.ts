import { z } from 'zod';

import type { Page } from '#core/api/common.ts';
import type { QuarantinedEvent, QuarantineQuery } from '#core/api/drift.ts';
import { decodeCursor, pageOf } from '#server/db/page-cursor.ts';
import { pool } from '#server/db/pool.ts';
import { selectQuarantined, type QuarantinedRow } from '#server/sql/quarantine-rows.ts';

const PREVIEW = 2_000;
const placeSchema = z.object({ id: z.uuid() });
const reasonsSchema = z.array(z.object({ pointer: z.string(), message: z.string() }));

/** Events of a workspace that wait in quarantine, newest first, a page at a time. */
export async function listQuarantined(
  workspaceId: string,
  { flow, limit, cursor }: QuarantineQuery,
): Promise<Page<QuarantinedEvent>> {
  const after = decodeCursor(cursor, placeSchema)?.id;
  const rows = await selectQuarantined(pool(), { workspaceId, flow }, { after, limit: limit + 1 });
  const page = pageOf(rows, limit, ({ id }) => ({ id }));
  return { data: page.data.map(toEvent), next: page.next };
}

function toEvent({
  quarantine,
  start,
  headers,
  contentType,
  receivedAt,
  goesAt,
  ...row
}: QuarantinedRow): QuarantinedEvent {
  const isPacked = z.object({ 'content-encoding': z.string() }).safeParse(headers).success;
  const isText = !isPacked && !/^(?:image|audio|video)\/|octet-stream/.test(contentType);
  return {
    ...row,
    receivedAt: receivedAt.toISOString(),
    goesAt: goesAt?.toISOString() ?? null,
    reasons: reasonsSchema.catch([]).parse(quarantine),
    preview: isText ? start.toString('utf8').slice(0, PREVIEW) : '',
  };
}
