import type pg from 'pg';

import { type Claim, type ClaimRow, TAKE, TAKEN } from '#server/sql/claim-keyed-runs.ts';
import { SMALL_BODY } from '#server/sql/fair-share.ts';

/**
 * Where there is room for all that is due, nobody's share has to be weighed: each is taken. Where there is not, where a body is
 * large, or where runs that stand in a line are due, none is, and the locks end with the statement. Always gives a row.
 */
const CLAIM_FEW = `
with due as materialized (
  select id, event_id from run where wake_at <= now() and concurrency_limit is null
  order by wake_at limit $2::int + 1 for no key update skip locked
), all_fit as materialized (
  select (select count(*) from due) <= $2::int
    and not exists (select from due join event e on e.id = due.event_id where octet_length(e.body) > ${SMALL_BODY})
    and not exists (select from run where wake_at <= now() and concurrency_limit is not null) as is_so
), claimed as (
  update run r set ${TAKE}
  from due d left join event e on e.id = d.event_id
  where r.id = d.id and (select is_so from all_fit)
  returning ${TAKEN}
)
select all_fit.is_so, claimed.* from all_fit left join claimed on true`;

/** Claims all that are due if there is room for them; null, and nothing claimed, where it has to be weighed who goes first. */
export async function claimFew(pool: pg.Pool, { workerId, limit }: Claim): Promise<ClaimRow[] | null> {
  const { rows } = await pool.query<ClaimRow & { is_so: boolean }>({
    name: 'claim_few',
    text: CLAIM_FEW,
    values: [workerId, limit],
  });
  return rows[0]!.is_so ? rows.filter(({ id }) => id !== null) : null;
}
