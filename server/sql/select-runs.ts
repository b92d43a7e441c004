import type { RunStatus } from '#core/api/runs.ts';
import { pool } from '#server/db/pool.ts';
import type { RunSummaryRow } from '#server/runs/to-run-summary.ts';
import { containsPattern, prefixPattern } from '#server/sql/like-pattern.ts';

export interface RunFilter {
  readonly workspaceId: string;
  readonly flow?: string;
  readonly statuses?: readonly RunStatus[];
  /** Inclusive. */
  readonly from?: Date;
  /** Exclusive. */
  readonly to?: Date;
  readonly text?: string;
  /** Runs older than this one. */
  readonly after?: { readonly createdAt: string; readonly id: string };
  readonly limit: number;
}

/** `createdAtExact`: to the microsecond, which a Date cannot hold and a cursor needs. */
export type SelectedRun = RunSummaryRow & { readonly createdAtExact: string };

/**
 * Runs of a workspace, newest first. `text` is sought in the run's id (as a prefix), its flow, error and event key, and
 * in the first 64 KiB of the event's body: byte by byte, because a body need not be UTF-8, and blind to the case of
 * ASCII letters alone.
 */
export async function selectRuns(filter: RunFilter): Promise<SelectedRun[]> {
  const { rows } = await pool().query<SelectedRun>(SELECT_RUNS, [
    filter.workspaceId,
    filter.flow,
    filter.statuses,
    filter.from,
    filter.to,
    filter.after?.createdAt,
    filter.after?.id,
    filter.text === undefined ? undefined : Buffer.from(lowerAscii(filter.text)),
    ...textPatterns(filter.text),
    filter.limit,
  ]);
  return rows;
}

const SELECT_RUNS = `
  SELECT r.id, r.flow_slug AS "flowSlug", r.flow_name AS "flowName", r.version_number AS "versionNumber", r.status,
    r.started_by AS "startedBy", r.created_at AS "createdAt", r.started_at AS "startedAt", r.finished_at AS "finishedAt",
    r.wake_at AS "wakeAt", r.error, r.replay_of AS "replayOf", r.compensation,
    to_char(r.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "createdAtExact"
  FROM run r
  WHERE r.workspace_id = $1
    AND ($2::text IS NULL OR r.flow_slug = $2)
    AND ($3::run_status[] IS NULL OR r.status = ANY ($3::run_status[]))
    AND ($4::timestamptz IS NULL OR r.created_at >= $4)
    AND ($5::timestamptz IS NULL OR r.created_at < $5)
    AND ($6::timestamptz IS NULL OR (r.created_at, r.id) < ($6::timestamptz, $7::uuid))
    AND ($8::bytea IS NULL
      OR r.id::text LIKE $9::text
      OR r.flow_slug ILIKE $10::text OR r.flow_name ILIKE $10 OR r.error ->> 'message' ILIKE $10
      OR EXISTS (
        SELECT FROM event e
        WHERE e.id = r.event_id
          AND (e.dedupe_key ILIKE $10 OR position($8 IN ${lowerAsciiBytes('substring(e.body FROM 1 FOR 65536)')}) > 0)))
  ORDER BY r.created_at DESC, r.id DESC
  LIMIT $11`;

/** Patterns for the id and for the other texts; null where the text holds a NUL, which no text column can. */
function textPatterns(text: string | undefined): (string | null)[] {
  if (text === undefined || text.includes('\0')) return [null, null];
  return [prefixPattern(text.toLowerCase()), containsPattern(text)];
}

function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Lower-cases the ASCII letters of a bytea: its escape form is ASCII, with every other byte as octal digits. */
function lowerAsciiBytes(bytes: string): string {
  return `decode(lower(encode(${bytes}, 'escape') COLLATE "C"), 'escape')`;
}
