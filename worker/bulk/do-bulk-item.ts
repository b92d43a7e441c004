import type pg from 'pg';

import { fromStoredJson } from '#server/journal/stored-json.ts';
import type { Json, JsonObject } from '#core/json.ts';
import type { SignedActor } from '#server/audit/record-audit.ts';
import { discardIn } from '#server/dead-letters/discard-dead-letter.ts';
import type { BulkOutcome, DueBulkAction, DueBulkItem } from '#server/sql/bulk-work.ts';
import { lockDeadLetter } from '#server/sql/discard-dead-letter.ts';

/** Does what the action is about to one run, in the client's transaction. Throws `ProblemError` when that is refused. */
export async function doBulkItem(
  client: pg.ClientBase,
  action: DueBulkAction,
  item: DueBulkItem,
): Promise<Omit<BulkOutcome, 'position'>> {
  const { workspaceId } = action;
  const options = fromStoredJson(action.options as Json) as JsonObject;
  const { runId } = item;
  const deadLetter = await lockDeadLetter(client, { runId, workspaceId });
  if (!deadLetter?.isOpen) return skipped('Its dead letter is no longer open.');
  await discardIn(client, actorOf(action), {
    runId,
    reason: options['reason'] as string,
    bulkActionId: action.id,
  });
  return { status: 'done', resultRunId: null, message: null };
}

function skipped(message: string): Omit<BulkOutcome, 'position'> {
  return { status: 'skipped', resultRunId: null, message };
}

/** Whoever made the action answers for its items. Where they called from is kept with the making. */
function actorOf({ createdBy, createdByName, workspaceId }: DueBulkAction): SignedActor {
  const colon = createdBy.indexOf(':');
  const kind = createdBy.slice(0, colon) === 'user' ? 'user' : 'api_key';
  return { kind, id: createdBy.slice(colon + 1), name: createdByName, workspaceId, address: '' };
}
