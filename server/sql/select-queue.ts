import type pg from 'pg';

export interface QueueRow {
  readonly due: number;
  readonly oldestMs: number;
  readonly running: number;
  readonly waiting: number;
  readonly inDoubt: number;
  readonly deadLetters: number;
}

const OPEN = (status: string) =>
  `(select count(*)::int from run where workspace_id = $1 and status = '${status}' and ($2::text is null or flow_slug = $2))`;

/** Due runs that stand in a line, and those that do not: an index each. */
const DUE = ['concurrency_limit is null', 'concurrency_limit is not null']
  .map(
    (line) => `select count(*) as due, min(wake_at) as first from run
      where workspace_id = $1 and wake_at <= now() and ${line} and ($2::text is null or flow_slug = $2)`,
  )
  .join(' union all ');

/** What a workspace, or a flow of it, has to do just now. */
export async function selectQueue(
  database: Pick<pg.Pool | pg.ClientBase, 'query'>,
  { workspaceId, flow }: { workspaceId: string; flow: string | undefined },
): Promise<QueueRow> {
  const { rows } = await database.query<QueueRow>(
    `with queue as (select sum(due)::int as due, min(first) as first from (${DUE}) lines)
     select due, greatest(0, coalesce(extract(epoch from now() - first), 0))::float8 * 1000 as "oldestMs",
       ${OPEN('running')} as running, ${OPEN('waiting')} as waiting, ${OPEN('in_doubt')} as "inDoubt",
       (select count(*)::int from dead_letter where workspace_id = $1 and redriven_at is null and discarded_at is null
         and ($2::text is null or flow_slug = $2)) as "deadLetters"
     from queue`,
    [workspaceId, flow ?? null],
  );
  return rows[0]!;
}
