import { stringify } from 'csv-stringify/sync';

import type { AUDIT_FORMATS, AuditEntry, AuditFilter } from '#core/api/audit.ts';
import { auditConditions, toAuditEntry } from '#server/audit/list-audit.ts';
import { pool } from '#server/db/pool.ts';
import { selectAudit } from '#server/sql/audit-rows.ts';

const PAGE = 1_000;
const COLUMNS = ['position', 'at', 'actor', 'action', 'resource', 'address', 'detail', 'hash'] as const;
/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** The entries that fit, newest first, as a file: read from the database as fast as the client takes them. */
export function exportAudit(
  workspaceId: string,
  { format, ...filter }: AuditFilter & { readonly format: (typeof AUDIT_FORMATS)[number] },
): ReadableStream<Uint8Array> {
  const parts = exportParts(workspaceId, filter, format === 'csv' ? csvLine : jsonLine);
  const head = format === 'csv' ? stringify([[...COLUMNS]]) : '';
  const bytes = new TextEncoder();
  let isBegun = false;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { value, done } = await parts.next();
        const text = (isBegun ? '' : head) + (value ?? '');
        isBegun = true;
        if (text !== '') controller.enqueue(bytes.encode(text));
        if (done) controller.close();
      },
      async cancel() {
        await parts.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

async function* exportParts(
  workspaceId: string,
  filter: AuditFilter,
  lineOf: (entry: AuditEntry) => string,
): AsyncGenerator<string, undefined> {
  const where = auditConditions(workspaceId, filter);
  for (let beforeId: string | undefined; ;) {
    const rows = await selectAudit(pool(), { ...where, beforeId, limit: PAGE });
    if (rows.length > 0) yield rows.map((row) => lineOf(toAuditEntry(row))).join('');
    if (rows.length < PAGE) return undefined;
    beforeId = rows.at(-1)?.id;
  }
}

function jsonLine(entry: AuditEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

function csvLine(entry: AuditEntry): string {
  const cells = { ...entry, detail: JSON.stringify(entry.detail) };
  return stringify([COLUMNS.map((name) => unformulated(cells[name] ?? ''))]);
}

function unformulated(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}
