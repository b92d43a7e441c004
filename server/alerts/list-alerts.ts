import { z } from 'zod';

import type { Alert, AlertListQuery } from '#core/api/alerts.ts';
import type { Page } from '#core/api/common.ts';
import { toAlert } from '#server/alerts/to-alert.ts';
import { decodeCursor, pageOf } from '#server/db/page-cursor.ts';
import { pool } from '#server/db/pool.ts';
import { selectAlerts } from '#server/sql/alert-rows.ts';

/** The alerts of the workspace, those opened last first, a page at a time. */
export async function listAlerts(
  workspaceId: string,
  { limit, cursor, state }: AlertListQuery,
): Promise<Page<Alert>> {
  const after = decodeCursor(cursor, z.strictObject({ id: z.uuid() }))?.id;
  const rows = await selectAlerts(pool(), { workspaceId, state, after, limit: limit + 1 });
  const page = pageOf(rows, limit, ({ id }) => ({ id }));
  return { data: page.data.map(toAlert), next: page.next };
}
