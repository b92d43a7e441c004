import type pg from 'pg';

/** How many there are of something. */
export interface Tally {
  readonly of: string;
  readonly count: number;
}

/** Runs that have not ended, by status; each status, also with none. */
export async function selectRunCounts(pool: pg.Pool): Promise<Tally[]> {
  const { rows } = await pool.query<Tally>(
    // By workspace, because that is how the index on status begins.
    `SELECT s.status AS of, coalesce(sum(found.runs), 0)::int AS count
       FROM unnest('{queued,running,waiting,in_doubt}'::run_status[]) AS s(status)
       LEFT JOIN workspace ON true
       LEFT JOIN LATERAL (SELECT count(*) AS runs FROM run
                           WHERE run.workspace_id = workspace.id AND run.status = s.status) AS found ON true
      GROUP BY s.status`,
  );
  return rows;
}

/** Breakers that hold calls back, by why. */
export async function selectBreakerCounts(pool: pg.Pool): Promise<Tally[]> {
  const { rows } = await pool.query<Tally>(
    `SELECT r.reason AS of, count(b.id)::int AS count FROM unnest('{failures,throttled}'::text[]) AS r(reason)
       LEFT JOIN breaker b ON b.reason = r.reason AND (b.state <> 'closed' OR b.paused_until > now())
      GROUP BY r.reason`,
  );
  return rows;
}

/** Connections by what they need. */
export async function selectConnectionCounts(pool: pg.Pool): Promise<Tally[]> {
  const { rows } = await pool.query<Tally>(
    `SELECT s.state AS of, count(c.id)::int AS count FROM unnest('{ok,pending,reconnect,unrenewed}'::text[]) AS s(state)
       LEFT JOIN connection c
         ON s.state = CASE WHEN c.status = 'ok' AND c.refresh_fails > 0 THEN 'unrenewed' ELSE c.status::text END
      GROUP BY s.state`,
  );
  return rows;
}

/** Due runs that stand in a line, and those that do not: an index each. */
const DUE = ['concurrency_limit IS NULL', 'concurrency_limit IS NOT NULL']
  .map((line) => `SELECT count(*) AS due, min(wake_at) AS first FROM run WHERE wake_at <= now() AND ${line}`)
  .join(' UNION ALL ');

/** Counts and ages in seconds of the whole database, by the name of their metric; each out of an index. */
export async function selectCounts(pool: pg.Pool): Promise<Readonly<Record<string, number>>> {
  const { rows } = await pool.query<Record<string, number>>(
    `WITH queue AS (SELECT sum(due) AS due, min(first) AS first FROM (${DUE}) lines),
       mail AS (SELECT count(*) AS waiting, min(created_at) AS first FROM email WHERE next_attempt_at IS NOT NULL),
       alive AS (SELECT count(*) FILTER (WHERE NOT is_ward) AS workers, count(*) FILTER (WHERE is_ward) AS wards
         FROM worker WHERE heartbeat_at > now() - interval '10 seconds')
     SELECT queue.due::int AS queue_due, greatest(0, coalesce(extract(epoch FROM now() - queue.first), 0))::float8 AS queue_oldest_seconds,
       mail.waiting::int AS mails_waiting, greatest(0, coalesce(extract(epoch FROM now() - mail.first), 0))::float8 AS mails_oldest_seconds,
       (SELECT count(*)::int FROM email WHERE next_attempt_at IS NULL AND sent_at IS NULL) AS mails_given_up,
       alive.workers::int AS workers, alive.wards::int AS wards,
       (SELECT count(*)::int FROM run WHERE lease_worker_id IS NOT NULL) AS leases,
       (SELECT count(*)::int FROM step WHERE waiting_for = 'connection') AS steps_parked,
       (SELECT count(*)::int FROM dead_letter WHERE redriven_at IS NULL AND discarded_at IS NULL) AS dead_letters_open
     FROM queue, mail, alive`,
  );
  return rows[0] ?? {};
}
