import type pg from 'pg';

import type { Json, JsonObject } from '#core/json.ts';
import type { ReplayRequest } from '#core/api/replay.ts';
import type { SignedActor } from '#server/audit/record-audit.ts';
import { discardIn } from '#server/dead-letters/discard-dead-letter.ts';
import { releaseIn } from '#server/quarantine/release-quarantined.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';
import type { RunNotice } from '#server/live/channel.ts';
import { replayRunIn } from '#server/recovery/replay-run.ts';
import { resumeRunIn } from '#server/recovery/resume-run.ts';
import type { BulkOutcome, DueBulkAction, DueBulkItem } from '#server/sql/bulk-work.ts';
import { lockDeadLetter } from '#server/sql/discard-dead-letter.ts';
import { holdFlowOf, holdRun } from '#server/sql/replay-rows.ts';
import { bulkReplayInput } from '#worker/bulk/bulk-replay-input.ts';

/** What became of an item, and the changes to publish after the commit. */
export interface DoneBulkItem extends Omit<BulkOutcome, 'position'> {
  readonly notices: readonly RunNotice[];
}

/** Does what the action is about to one run or event, in the client's transaction. Throws `ProblemError` when that is refused. */
export async function doBulkItem(
  client: pg.ClientBase,
  action: DueBulkAction,
  { runId, eventId, position }: DueBulkItem,
): Promise<DoneBulkItem> {
  if (action.kind === 'release') return release(client, action, eventId);
  if (runId === null) throw new Error('An item of a bulk action names no run.');
  const item = { runId, eventId, position };
  const options = fromStoredJson(action.options as Json) as JsonObject;
  if (action.kind === 'replay') return replay(client, action, { item, options });
  const isReplayed = action.kind === 'redrive' && options['mode'] === 'replay';
  // In the order in which everyone else takes them: flow, run, dead letter.
  if (isReplayed) await holdFlowOf(client, item.runId);
  if (action.kind === 'redrive') await holdRun(client, item.runId);
  const deadLetter = await lockDeadLetter(client, { runId: item.runId, workspaceId: action.workspaceId });
  if (!deadLetter?.isOpen) return SKIPPED;
  if (isReplayed) return replay(client, action, { item, options: {}, isRedrive: true });
  return action.kind === 'redrive'
    ? resume(client, action, item)
    : discard(client, action, { item, options });
}

async function release(
  client: pg.ClientBase,
  { workspaceId }: DueBulkAction,
  eventId: string | null,
): Promise<DoneBulkItem> {
  const [released] = await releaseIn(client, { workspaceId, eventIds: eventId === null ? [] : [eventId] });
  if (!released)
    return { ...SKIPPED, message: 'It is no longer in quarantine, or its flow is not published.' };
  const { runId: id, flow } = released;
  return {
    ...{ status: 'done', resultRunId: id, message: null },
    notices: [{ id, workspaceId, flow, status: 'queued' }],
  };
}

/** An item of an action that is about runs. */
type RunItem = DueBulkItem & { readonly runId: string };

const SKIPPED: DoneBulkItem = {
  status: 'skipped',
  resultRunId: null,
  message: 'Its dead letter is no longer open.',
  notices: [],
};

async function resume(
  client: pg.ClientBase,
  { workspaceId }: DueBulkAction,
  { runId }: RunItem,
): Promise<DoneBulkItem> {
  const notices = await resumeRunIn(client, { workspaceId, runId });
  return { status: 'done', resultRunId: runId, message: null, notices };
}

async function replay(
  client: pg.ClientBase,
  { workspaceId }: DueBulkAction,
  what: { readonly item: RunItem; readonly options: JsonObject; readonly isRedrive?: boolean },
): Promise<DoneBulkItem> {
  const { item, options, isRedrive = false } = what;
  const {
    version = 'original',
    from,
    inputExpression,
  } = options as Partial<ReplayRequest> & {
    readonly inputExpression?: string;
  };
  const input =
    inputExpression === undefined ? undefined : await bulkReplayInput(client, item, inputExpression);
  const request = { version, from, ...(input === undefined ? {} : { input }) };
  const { runId, notices } = await replayRunIn(client, {
    workspaceId,
    runId: item.runId,
    request,
    isRedrive,
  });
  return { status: 'done', resultRunId: runId, message: null, notices };
}

async function discard(
  client: pg.ClientBase,
  action: DueBulkAction,
  { item, options }: { readonly item: RunItem; readonly options: JsonObject },
): Promise<DoneBulkItem> {
  const reason = options['reason'] as string;
  await discardIn(client, actorOf(action), { runId: item.runId, reason, bulkActionId: action.id });
  return { status: 'done', resultRunId: null, message: null, notices: [] };
}

/** Whoever made the action answers for its items. Where they called from is kept with the making. */
function actorOf({ createdBy, createdByName, workspaceId }: DueBulkAction): SignedActor {
  const colon = createdBy.indexOf(':');
  const kind = createdBy.slice(0, colon) === 'user' ? 'user' : 'api_key';
  return { kind, id: createdBy.slice(colon + 1), name: createdByName, workspaceId, address: '' };
}
