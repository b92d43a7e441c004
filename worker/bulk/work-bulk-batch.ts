import type pg from 'pg';

import { crashPoint } from '#server/crash-point.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import type { RunNotice } from '#server/live/channel.ts';
import { publishRunChanges } from '#server/live/publish-run-changes.ts';
import { log } from '#server/log.ts';
import { ProblemError } from '#server/problem.ts';
import { queueReady } from '#server/queue/queue-ready.ts';
import {
  countAllowedItems,
  nextBulkItems,
  settleBulkItems,
  takeDueBulkAction,
  type BulkOutcome,
  type DueBulkAction,
  type DueBulkItem,
} from '#server/sql/bulk-work.ts';
import { doBulkItem, type DoneBulkItem } from '#worker/bulk/do-bulk-item.ts';

const MAX_ITEMS = 50;
/** A batch holds its action for about so long at most: that is how long somebody who pauses it waits. */
const BATCH_MS = 100;

/**
 * Takes the next items of the bulk action that is due the longest. What they do and what is recorded of them commit together, so
 * that a crash repeats nothing; an item that fails is undone by itself. Resolves to how many items were dealt with, and how many runs
 * changed.
 */
export async function workBulkBatch(): Promise<{ readonly items: number; readonly runs: number }> {
  await queueReady();
  const { items, notices } = await inClientTransaction(workBatch);
  if (items > 0) crashPoint('bulk.after_commit');
  publishRunChanges(notices);
  return { items, runs: notices.length };
}

interface Batch {
  readonly items: number;
  readonly notices: readonly RunNotice[];
}

async function workBatch(client: pg.ClientBase): Promise<Batch> {
  const due = await takeAllowed(client);
  if (!due) return { items: 0, notices: [] };
  const { action, allowed } = due;
  const outcomes: BulkOutcome[] = [];
  const notices: RunNotice[] = [];
  const until = performance.now() + BATCH_MS;
  await client.query('SAVEPOINT bulk_item');
  for (const item of await nextBulkItems(client, action.id, allowed)) {
    const done = await settleAlone(client, action, item);
    outcomes.push({ ...done, position: item.position });
    notices.push(...done.notices);
    if (performance.now() > until) break;
  }
  await settleBulkItems(client, action.id, outcomes);
  crashPoint('bulk.before_commit');
  return { items: outcomes.length, notices };
}

/** An action whose second is used up keeps no other waiting. */
async function takeAllowed(
  client: pg.ClientBase,
): Promise<{ readonly action: DueBulkAction; readonly allowed: number } | undefined> {
  const usedUp: string[] = [];
  for (;;) {
    const action = await takeDueBulkAction(client, usedUp);
    if (!action) return undefined;
    const allowed = await countAllowedItems(client, action.id, MAX_ITEMS);
    if (allowed > 0) return { action, allowed };
    usedUp.push(action.id);
  }
}

/** An item that is refused, or that meets a fault of ours, leaves nothing behind but its row. */
async function settleAlone(
  client: pg.ClientBase,
  action: DueBulkAction,
  item: DueBulkItem,
): Promise<DoneBulkItem> {
  try {
    const done = await doBulkItem(client, action, item);
    // Its effects stay; a place to come back to is set for the next one.
    await client.query('RELEASE SAVEPOINT bulk_item; SAVEPOINT bulk_item');
    return done;
  } catch (error) {
    if (isOfTheConnection(error)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT bulk_item');
    if (!(error instanceof ProblemError))
      log.error({ err: error, part: 'bulk', action: action.id, runId: item.runId }, 'a bulk item failed');
    return { status: 'failed', resultRunId: null, message: messageOf(error), notices: [] };
  }
}

/** What another try may not meet: a database that went away, a deadlock. The whole batch is done again. */
function isOfTheConnection(error: unknown): boolean {
  if (error instanceof ProblemError) return false;
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && !/^(22|23|42|P0|XX)/.test(code);
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const text = error instanceof ProblemError ? message : `A fault of Patchbay: ${message}`;
  return text.replaceAll('\0', '').slice(0, 2_000);
}
