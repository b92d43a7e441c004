import type pg from 'pg';

import { pollSettings, type PollSettings } from '#connectors/core/poll.ts';
import { findOperation } from '#connectors/definitions.ts';
import { onDriftOfItem } from '#connectors/on-drift.ts';
import { pollEvery } from '#connectors/poll-every.ts';
import { findPollHandler, triggerKey } from '#connectors/trigger-handlers.ts';
import type { PollHandler } from '#connectors/trigger-contract.ts';
import type { FlowNode } from '#core/flow-document.ts';
import type { JsonObject } from '#core/json.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import { triggerNode } from '#server/flows/trigger-node.ts';
import { log } from '#server/log.ts';
import { leasePoll, takeDuePolls, type PollLease, type PollRow } from '#server/sql/poll-rows.ts';

const DEFAULT_TIMEOUT_SECONDS = 30;
/** For all that is not the request: evaluating the reply, storing the runs. */
const MARGIN_MS = 60_000;
/** One that cannot be read is looked at again after this. */
const BROKEN_MS = 3_600_000;

/** A poll that is this worker's to ask, until `lease.leaseUntil`. */
export interface PollJob {
  readonly row: PollRow;
  readonly node: FlowNode;
  readonly settings: PollSettings;
  /** Set for a connector's trigger, which asks by itself; null for `core.poll`. */
  readonly source: { readonly handler: PollHandler; readonly settings: JsonObject } | null;
  readonly timeoutMs: number;
  readonly askedAt: Date;
  readonly lease: PollLease;
}

/** Takes polls that are due. Each is moved ahead at once: should this worker die now, a peer asks then. */
export async function leaseDuePolls(now: Date, limit: number): Promise<PollJob[]> {
  return inClientTransaction(async (client) => {
    const jobs: PollJob[] = [];
    for (const row of await takeDuePolls(client, { now, limit })) {
      const job = await lease(client, row, now);
      if (job) jobs.push(job);
    }
    return jobs;
  });
}

async function lease(client: pg.ClientBase, row: PollRow, now: Date): Promise<PollJob | undefined> {
  const until = (ms: number) => ({ flowId: row.flowId, leaseUntil: new Date(now.getTime() + ms) });
  const read = readPoll(row);
  if (!read) {
    await leasePoll(client, until(BROKEN_MS), now);
    return undefined;
  }
  const timeoutMs = (read.node.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1_000;
  const taken = until(timeoutMs + MARGIN_MS);
  await leasePoll(client, taken, now);
  return { row, ...read, timeoutMs, askedAt: now, lease: taken };
}

/** One that cannot be read must not stop the others. */
function readPoll(row: PollRow): Pick<PollJob, 'node' | 'settings' | 'source'> | undefined {
  try {
    const node = triggerNode(storedDocument(row.document));
    if (node?.type === 'core.poll') return { node, settings: pollSettings(node.config), source: null };
    const handler = node && findPollHandler(triggerKey(node));
    if (!handler) throw new Error('The published version begins with no poll.');
    const settings = findOperation(node.type, node.version)!.operation.input.parse(node.config) as JsonObject;
    const everySeconds = pollEvery.parse(settings['everySeconds']);
    const onDrift = onDriftOfItem.parse(settings['onDrift']);
    return { node, settings: { everySeconds, first: 'skip', onDrift }, source: { handler, settings } };
  } catch (error) {
    log.error({ err: error, part: 'triggers', flow: row.slug }, 'a poll cannot be read');
    return undefined;
  }
}
