import type pg from 'pg';

import { bookCalls, EMPTY_LINE, type BudgetAnswer, type RateBudget } from '#core/rate-budget.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';

/** Calls that want to leave over one connection, in the order in which they came. */
export interface CallBooking {
  readonly workspaceId: string;
  readonly connection: string;
  /** The slot that each waited for; null for one that comes new. */
  readonly slots: readonly (number | null)[];
}

interface Row {
  readonly id: string;
  readonly budget_calls: number | null;
  readonly budget_seconds: number | null;
}

/**
 * Books calls with the budget of their connection, by the database's clock, one worker at a time: null lets a call out now,
 * a time is when to ask again. A connection without a budget lets all out.
 */
export async function bookCallSlots(pool: pg.Pool, booking: CallBooking): Promise<readonly BudgetAnswer[]> {
  return inClientTransaction(async (client) => {
    const found = await findBudget(client, booking);
    if (!found) return booking.slots.map(() => null);
    const { id, budget } = found;
    await lockLine(client, id);
    // Read once the line is held: the wait for it must not make a call too early.
    const { line, now } = await readLine(client, id);
    const booked = bookCalls(budget, line, { slots: booking.slots, now });
    await client.query({
      name: 'write_budget_line',
      text: 'update connection_rate set free_at = $2, next_at = $3 where connection_id = $1',
      values: [id, toTime(booked.line.freeAt), toTime(booked.line.nextAt)],
    });
    return booked.answers;
  }, pool);
}

async function findBudget(
  client: pg.ClientBase,
  { workspaceId, connection }: CallBooking,
): Promise<{ id: string; budget: RateBudget } | undefined> {
  const { rows } = await client.query<Row>({
    name: 'find_budget',
    text: 'select id, budget_calls, budget_seconds from connection where workspace_id = $1 and slug = $2',
    values: [workspaceId, connection],
  });
  const [row] = rows;
  if (!row || row.budget_calls === null || row.budget_seconds === null) return undefined;
  return { id: row.id, budget: { calls: row.budget_calls, seconds: row.budget_seconds } };
}

async function lockLine(client: pg.ClientBase, id: string): Promise<void> {
  await client.query({
    name: 'lock_budget_line',
    text: `insert into connection_rate as rate (connection_id, free_at, next_at) values ($1, $2, $2)
      on conflict (connection_id) do update set free_at = rate.free_at`,
    values: [id, toTime(EMPTY_LINE.freeAt)],
  });
}

async function readLine(client: pg.ClientBase, id: string) {
  const { rows } = await client.query<{ free_at: number; next_at: number; now: number }>({
    name: 'read_budget_line',
    text: `select extract(epoch from free_at)::float8 * 1000 as free_at, extract(epoch from next_at)::float8 * 1000 as next_at,
        extract(epoch from clock_timestamp())::float8 * 1000 as now
      from connection_rate where connection_id = $1`,
    values: [id],
  });
  const { free_at: freeAt, next_at: nextAt, now } = rows[0]!;
  return { line: { freeAt, nextAt }, now };
}

/** Rounded up: a slot must not come before its time. */
function toTime(ms: number): string {
  return new Date(Math.ceil(ms)).toISOString();
}
