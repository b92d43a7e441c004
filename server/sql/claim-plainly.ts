import type pg from 'pg';

import { type Claim, type ClaimRow, TAKE, TAKEN } from '#server/sql/claim-keyed-runs.ts';
import { SMALL_BODY } from '#server/sql/fair-share.ts';
import { GROUP } from '#server/sql/lines.ts';

/** Who waits first, or last, in the order of workspaces and their flows. */
const ofWaiting = (way: 'asc' | 'desc') => `
  (select (workspace_id, ${GROUP}) from run where wake_at is not null and concurrency_limit is null
  order by workspace_id ${way}, ${GROUP} ${way}, wake_at ${way} limit 1)`;

/**
 * Where there is room for all that is due, or one flow alone waits, nobody's share has to be weighed: the oldest are taken. Else,
 * where a body is large, or where runs that stand in a line are due, none is, and the locks end with the statement. Always gives a
 * row.
 */
const CLAIM_PLAIN = `
with due as materialized (
  select id, event_id, row_number() over (order by wake_at) as place from (
    select id, event_id, wake_at from run where wake_at <= now() and concurrency_limit is null
    order by wake_at limit $2::int + 1 for no key update skip locked) oldest
), crowd as materialized (
  select count(*) > $2::int as is_there from due
), plain as materialized (
  select crowd.is_there, (not crowd.is_there or ${ofWaiting('asc')} = ${ofWaiting('desc')})
    and not exists (select from due join event e on e.id = due.event_id where octet_length(e.body) > ${SMALL_BODY})
    and not exists (select from run where wake_at <= now() and concurrency_limit is not null) as is_so
  from crowd
), claimed as (
  update run r set ${TAKE}
  from due d left join event e on e.id = d.event_id
  where r.id = d.id and d.place <= $2::int and (select is_so from plain)
  returning ${TAKEN}
)
select plain.is_so, plain.is_there as is_crowded, claimed.* from plain left join claimed on true`;

/** Claims the oldest if that is fair; null, and nothing claimed, where it has to be weighed who goes first. */
export async function claimPlainly(
  pool: pg.Pool,
  { workerId, limit }: Claim,
): Promise<{ readonly rows: readonly ClaimRow[]; readonly isCrowded: boolean } | null> {
  const { rows } = await pool.query<ClaimRow & { is_so: boolean; is_crowded: boolean }>({
    name: 'claim_plainly',
    text: CLAIM_PLAIN,
    values: [workerId, limit],
  });
  const { is_so: isSo, is_crowded: isCrowded } = rows[0]!;
  return isSo ? { rows: rows.filter(({ id }) => id !== null), isCrowded } : null;
}
