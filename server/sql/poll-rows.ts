import type pg from 'pg';

import type { Json } from '#core/json.ts';
import type { StepError } from '#core/step-failure.ts';
import { toStoredJson } from '#server/journal/stored-json.ts';

/** A published poll with the version that its runs are pinned to. */
export interface PollRow {
  readonly flowId: string;
  readonly workspaceId: string;
  readonly slug: string;
  readonly name: string;
  readonly cursor: Json;
  readonly failures: number;
  readonly answeredAt: Date | null;
  readonly versionId: string;
  readonly versionNumber: number;
  /** Who made the version; null for nobody who is still there. */
  readonly userId: string | null;
  readonly document: unknown;
}

/** A poll in hand. It is ours as long as the row says `leaseUntil`: then a peer takes it over. */
export interface PollLease {
  readonly flowId: string;
  readonly leaseUntil: Date;
}

const COLUMNS = `p.flow_id AS "flowId", p.workspace_id AS "workspaceId", f.slug, f.name, p.cursor, p.failures,
  p.answered_at AS "answeredAt", v.id AS "versionId", v.number AS "versionNumber", v.created_by_id AS "userId", v.document`;
const SOURCE = `poll p JOIN flow f ON f.id = p.flow_id
  JOIN flow_version v ON v.flow_id = f.id AND v.number = f.published_version`;

/** One look at an index; says whether the transaction is worth it. */
export async function isAnyPollDue(pool: pg.Pool, now: Date): Promise<boolean> {
  const { rows } = await pool.query<{ due: boolean }>({
    name: 'poll_due',
    text: 'SELECT EXISTS (SELECT FROM poll WHERE next_at <= $1) AS due',
    values: [now],
  });
  return rows[0]?.due === true;
}

/** Holds polls that are due, the longest due first, until the transaction ends; passes over those that others hold. */
export async function takeDuePolls(
  client: pg.ClientBase,
  { now, limit }: { readonly now: Date; readonly limit: number },
): Promise<PollRow[]> {
  const { rows } = await client.query<PollRow>({
    name: 'poll_take',
    text: `SELECT ${COLUMNS} FROM ${SOURCE} WHERE p.next_at <= $1
      ORDER BY p.next_at, p.flow_id LIMIT $2 FOR UPDATE OF p SKIP LOCKED`,
    values: [now, limit],
  });
  return rows;
}

/** Moves the poll ahead, so that nobody else asks meanwhile. */
export async function leasePoll(client: pg.ClientBase, lease: PollLease, askedAt: Date): Promise<void> {
  await client.query({
    name: 'poll_lease',
    text: 'UPDATE poll SET next_at = $2, asked_at = $3 WHERE flow_id = $1',
    values: [lease.flowId, lease.leaseUntil, askedAt],
  });
}

/** Holds a poll that is still ours, as it is published now; undefined when it is not. Hold the flow first. */
export async function holdLeasedPoll(client: pg.ClientBase, lease: PollLease): Promise<PollRow | undefined> {
  const { rows } = await client.query<PollRow>({
    name: 'poll_hold',
    text: `SELECT ${COLUMNS} FROM ${SOURCE} WHERE p.flow_id = $1 AND p.next_at = $2 FOR UPDATE OF p`,
    values: [lease.flowId, lease.leaseUntil],
  });
  return rows[0];
}

/** Ends the lease after a reply. */
export async function recordReply(
  client: pg.ClientBase,
  flowId: string,
  reply: {
    readonly nextAt: Date;
    readonly cursor: Json;
    readonly found: number;
    readonly answeredAt: Date | null;
  },
): Promise<void> {
  await client.query({
    name: 'poll_reply',
    text: `UPDATE poll SET next_at = $2, cursor = $3, found = $4, answered_at = $5, failures = 0, error = NULL
      WHERE flow_id = $1`,
    values: [flowId, reply.nextAt, JSON.stringify(reply.cursor), reply.found, reply.answeredAt],
  });
}

/** Ends the lease after a failure, unless it is over already. */
export async function recordFailure(
  pool: pg.Pool,
  lease: PollLease,
  failure: { readonly nextAt: Date; readonly error: StepError },
): Promise<void> {
  await pool.query({
    name: 'poll_failure',
    text: `UPDATE poll SET next_at = $3, error = $4, failures = failures + 1 WHERE flow_id = $1 AND next_at = $2`,
    values: [lease.flowId, lease.leaseUntil, failure.nextAt, toStoredJson(failure.error as unknown as Json)],
  });
}

/** Gives a poll back that was not asked to the end, unless the lease is over already. */
export async function returnPoll(pool: pg.Pool, lease: PollLease, nextAt: Date): Promise<void> {
  await pool.query({
    name: 'poll_return',
    text: 'UPDATE poll SET next_at = $3 WHERE flow_id = $1 AND next_at = $2',
    values: [lease.flowId, lease.leaseUntil, nextAt],
  });
}
