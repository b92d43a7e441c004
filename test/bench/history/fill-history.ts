import { randomUUID } from 'node:crypto';

import type pg from 'pg';

/** What a made-up history consists of. Times are milliseconds since 1970. */
export interface History {
  readonly workspaceId: string;
  readonly flows: number;
  readonly runs: number;
  readonly from: number;
  readonly to: number;
  /** The steps of each run. */
  readonly nodes: readonly string[];
}

export interface HistoryFlow {
  readonly id: string;
  readonly slug: string;
  readonly versionId: string;
}

const CHUNK = 50_000;

/** Makes published flows, one version each. */
export async function makeHistoryFlows(
  db: pg.Pool,
  { workspaceId, flows }: Pick<History, 'workspaceId' | 'flows'>,
): Promise<HistoryFlow[]> {
  const made = Array.from({ length: flows }, (_, index) => ({
    id: randomUUID(),
    slug: `history-${index + 1}`,
    versionId: randomUUID(),
  }));
  for (const { id, slug, versionId } of made) {
    const hook = { id: 'hook', type: 'core.webhook', version: 1, config: {}, position: { x: 0, y: 0 } };
    const document = { format: 1, name: slug, slug, settings: {}, nodes: [hook], edges: [] };
    await db.query(
      `with made as (insert into flow (id, workspace_id, slug, name, draft, published_version) values ($1, $2, $3, $3, $5, 1))
       insert into flow_version (id, workspace_id, flow_id, number, document, content_hash)
       values ($4, $2, $1, 1, $5, sha256($3::bytea))`,
      [id, workspaceId, slug, versionId, document],
    );
  }
  return made;
}

/**
 * Fills the tables with runs that are over, spread evenly over the time, oldest first, with events, steps and attempts: 4 in 100
 * failed, 1 cancelled. How long they took is random, log-normal, most within 10 ms to a second. `onChunk` is told how many there
 * are so far.
 */
export async function fillHistory(
  db: pg.Pool,
  history: History & { readonly of: readonly HistoryFlow[] },
  onChunk: (runs: number) => void = () => undefined,
): Promise<void> {
  const { workspaceId, runs, from, to, nodes, of } = history;
  const each = (to - from) / runs;
  for (let done = 0; done < runs; done += CHUNK) {
    const count = Math.min(CHUNK, runs - done);
    await db.query(FILL, [
      workspaceId,
      of.map(({ id }) => id),
      of.map(({ slug }) => slug),
      of.map(({ versionId }) => versionId),
      ...[count, from + done * each, each, nodes],
    ]);
    onChunk(done + count);
  }
}

/** A random number of a normal distribution with mean 0 and deviation 1. */
const NORMAL = 'sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())';

const FILL = `
with drawn as materialized (
  select n, gen_random_uuid() as event_id, overlay(gen_random_uuid()::text placing
      substr(lpad(to_hex(floor($6::float8 + n * $7::float8)::bigint), 12, '0'), 1, 8) || '-' ||
      substr(lpad(to_hex(floor($6::float8 + n * $7::float8)::bigint), 12, '0'), 9, 4) || '-7' from 1 for 15)::uuid as id,
    1 + floor(random() * cardinality($2::uuid[]))::int as flow, random() as luck,
    to_timestamp(($6::float8 + n * $7::float8) / 1000) as created_at,
    exp(1.5 + 0.6 * ${NORMAL}) as queued_ms, exp(4.5 + ${NORMAL}) as ran_ms
  from generate_series(0, $5::int - 1) n
), timed as materialized (
  select *, created_at + queued_ms * interval '1 millisecond' as started_at,
    created_at + (queued_ms + ran_ms) * interval '1 millisecond' as finished_at,
    case when luck < 0.95 then 'succeeded' when luck < 0.99 then 'failed' else 'cancelled' end as status
  from drawn
), events as (
  insert into event (id, workspace_id, flow_id, kind, method, body, content_type, received_at)
  select event_id, $1, ($2::uuid[])[flow], 'webhook', 'POST',
    convert_to(json_build_object('number', n, 'customer', json_build_object('id', n % 977), 'note', repeat('x', 120))::text, 'UTF8'),
    'application/json', created_at from timed
), runs as (
  insert into run (id, workspace_id, flow_id, flow_slug, flow_name, flow_version_id, version_number, event_id, started_by, status,
    error, created_at, started_at, finished_at)
  select id, $1, ($2::uuid[])[flow], ($3::text[])[flow], ($3::text[])[flow], ($4::uuid[])[flow], 1, event_id, 'webhook',
    status::run_status,
    case when status = 'failed' then '{"kind":"transient","code":"http_status","message":"The far end replied 503.","nodeId":"post"}'::jsonb end,
    created_at, started_at, finished_at from timed order by n
), stepped as materialized (
  select t.id, t.status, node_id, k,
    t.started_at + (k - 1) * t.ran_ms / cardinality($8::text[]) * interval '1 millisecond' as started_at,
    t.started_at + k * t.ran_ms / cardinality($8::text[]) * interval '1 millisecond' as finished_at,
    case when luck > 0.9 and luck < 0.99 and k = cardinality($8::text[]) then 3 else 1 end as attempts
  from timed t cross join unnest($8::text[]) with ordinality as node (node_id, k)
), steps as (
  insert into step (run_id, node_id, status, ports, input, output, attempts, started_at, finished_at)
  select id, node_id, case when k = cardinality($8::text[]) then status else 'succeeded' end::step_status, '{out}',
    '{"number":1,"title":"Order 1"}', '{"status":200,"body":{"ok":true}}', attempts, started_at, finished_at from stepped
), attempts as (
  insert into attempt (run_id, node_id, number, started_at, finished_at)
  select id, node_id, number, started_at, finished_at
  from stepped cross join generate_series(1, attempts) number where k = cardinality($8::text[])
)
insert into dead_letter (run_id, workspace_id, flow_slug, node_id, error_kind, error_code, cause, created_at)
select id, $1, ($3::text[])[flow], 'post', 'transient', 'http_status', 'http_status 503', finished_at
from timed where status = 'failed'`;
