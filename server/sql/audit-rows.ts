import type pg from 'pg';

import type { Json } from '#core/json.ts';
import { containsPattern, prefixPattern } from '#server/sql/like-pattern.ts';
import { storableText } from '#server/sql/storable-text.ts';

/** Which entries of a workspace; absent parts do not narrow. */
export interface AuditConditions {
  readonly workspaceId: string;
  readonly actor?: string | undefined;
  /** A whole action, or what stands before its dot. */
  readonly action?: string | undefined;
  readonly text?: string | undefined;
  /** Inclusive. */
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
  /** Only older ones. */
  readonly beforeId?: string | undefined;
  readonly limit: number;
}

export interface AuditRow {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly actorName: string;
  readonly action: string;
  readonly resource: string;
  readonly detail: Json;
  readonly address: string;
  readonly position: string | null;
  readonly hash: string | null;
}

/** Entries, newest first. */
export async function selectAudit(
  pool: pg.ClientBase | pg.Pool,
  where: AuditConditions,
): Promise<AuditRow[]> {
  const like = (text: string | undefined) => text && containsPattern(storableText(text) ?? '');
  const action = storableText(where.action);
  const { rows } = await pool.query<AuditRow>(
    `SELECT id::text, at, actor, actor_name AS "actorName", action, resource, detail, address, position::text,
       encode(hash, 'hex') AS hash
     FROM audit_entry
     WHERE workspace_id = $1
       AND ($2::bigint IS NULL OR id < $2)
       AND ($3::text IS NULL OR actor_name ILIKE $3)
       AND ($4::text IS NULL OR action = $4 OR action LIKE $5)
       AND ($6::text IS NULL OR concat_ws(' ', actor_name, action, resource, address) ILIKE $6 OR detail::text ILIKE $6)
       AND ($7::timestamptz IS NULL OR at >= $7)
       AND ($8::timestamptz IS NULL OR at < $8)
     ORDER BY audit_entry.id DESC LIMIT $9`,
    [
      where.workspaceId,
      where.beforeId,
      like(where.actor),
      action,
      action && prefixPattern(`${action}.`),
      like(where.text),
      where.from,
      where.to,
      where.limit,
    ],
  );
  return rows;
}

/** An end of a chain: a place, and the hash of the entry there in hex. */
export interface ChainEnd {
  readonly position: string;
  readonly hash: string;
}

/** Where the workspace's chain ends, and after what it begins; null where nothing was ever entered. */
export async function selectChain(
  pool: pg.Pool,
  workspaceId: string,
): Promise<{ readonly end: ChainEnd; readonly after: ChainEnd } | null> {
  const { rows } = await pool.query<{ end: ChainEnd; after: ChainEnd }>(
    `SELECT json_build_object('position', chain.position::text, 'hash', encode(chain.hash, 'hex')) AS "end",
       json_build_object('position', coalesce(removed.last_position, 0)::text,
         'hash', coalesce(encode(removed.last_hash, 'hex'), '')) AS after
     FROM audit_chain chain LEFT JOIN LATERAL (
       SELECT last_position, last_hash FROM audit_removal
       WHERE workspace_id = chain.workspace_id AND last_position IS NOT NULL ORDER BY last_position DESC LIMIT 1) removed ON true
     WHERE chain.workspace_id = $1`,
    [workspaceId],
  );
  return rows[0] ?? null;
}

/** An entry and whether its hash is the one that its content and the hash before it make. */
export interface CheckedEntry {
  readonly id: string;
  readonly position: string;
  readonly hash: string;
  readonly isRight: boolean;
}

/** The next entries of a chain after one place, up to another, in order. */
export async function checkEntries(
  pool: pg.Pool,
  part: {
    readonly workspaceId: string;
    readonly after: ChainEnd;
    readonly to: string;
    readonly limit: number;
  },
): Promise<CheckedEntry[]> {
  const { rows } = await pool.query<CheckedEntry>(
    `SELECT id::text, position::text, coalesce(encode(hash, 'hex'), '') AS hash,
       coalesce(hash = audit_hash(coalesce(lag(hash) OVER (ORDER BY position), decode($3, 'hex')), entry), false) AS "isRight"
     FROM audit_entry entry
     WHERE workspace_id = $1 AND position > $2 AND position <= $4
     ORDER BY entry.position LIMIT $5`,
    [part.workspaceId, part.after.position, part.after.hash, part.to, part.limit],
  );
  return rows;
}

/** An entry that never got a place: something kept the trigger from running. Null for none. */
export async function findUnchained(pool: pg.Pool, workspaceId: string): Promise<string | null> {
  const { rows } = await pool.query<{ id: string }>(
    'SELECT id::text FROM audit_entry WHERE workspace_id = $1 AND position IS NULL ORDER BY audit_entry.id LIMIT 1',
    [workspaceId],
  );
  return rows[0]?.id ?? null;
}
