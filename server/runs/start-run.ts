import { randomUUID } from 'node:crypto';

import type { StartRunRequest } from '#core/api/flows.ts';
import type { Run } from '#core/api/runs.ts';
import type { Pins } from '#core/pins/pin.ts';
import type { Flow } from '#prisma/generated/client.ts';
import { insertAudit } from '#server/audit/insert-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { crashPoint } from '#server/crash-point.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { prisma } from '#server/db/prisma.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { contentHash } from '#server/flows/content-hash.ts';
import { findFlow } from '#server/flows/find-flow.ts';
import { triggerNode } from '#server/flows/trigger-node.ts';
import { publishRunChanges } from '#server/live/publish-run-changes.ts';
import { waitForRunEnd } from '#server/live/wait-for-run-end.ts';
import { notFound } from '#server/problem.ts';
import { queueReady } from '#server/queue/queue-ready.ts';
import { wakeRuns } from '#server/queue/wake-runs.ts';
import { checkInput } from '#server/runs/check-input.ts';
import { keysOfEvent } from '#server/runs/keys-of-event.ts';
import { manualEvent, type ManualEvent } from '#server/runs/manual-event.ts';
import { pickPart } from '#server/runs/pick-part.ts';
import type { PickedVersion } from '#server/runs/pick-version.ts';
import { readRun } from '#server/runs/read-run.ts';
import { holdFlow } from '#server/sql/hold-flow.ts';
import { insertRun } from '#server/sql/insert-run.ts';
import { upsertSnapshot } from '#server/sql/upsert-snapshot.ts';

/**
 * Starts a run by hand and, with `wait`, gives it that many seconds to end. Event, run and wake-up commit together;
 * the time running out or the caller going away (`signal`) leaves the run alone.
 */
export async function startRun(
  actor: Actor,
  slug: string,
  request: StartRunRequest & { readonly signal?: AbortSignal },
): Promise<Run> {
  const flow = await findFlow(prisma(), actor.workspaceId, slug);
  const { version, pins } = await pickPart(flow, request, actor.userId);
  const trigger = triggerNode(version.document);
  checkInput(trigger, request.input);
  const id = await storeRun(actor, { flow, version, pins, event: manualEvent(trigger, request.input) });
  publishRunChanges([{ id, workspaceId: actor.workspaceId, flow: slug, status: 'queued' }]);
  if (request.wait > 0) await waitForRunEnd(id, { timeoutMs: request.wait * 1_000, signal: request.signal });
  return readRun(actor.workspaceId, id);
}

async function storeRun(
  actor: Actor,
  start: {
    readonly flow: Flow;
    readonly version: PickedVersion;
    readonly pins: Pins | null;
    readonly event: ManualEvent;
  },
): Promise<string> {
  const { flow, version, pins, event } = start;
  const runId = uuidv7();
  const { slug } = flow;
  const keys = await keysOfEvent(version.document, event, { slug, version: version.number });
  await queueReady();
  await inClientTransaction(async (client) => {
    if (!(await holdFlow(client, flow.id))) throw notFound(`flow “${flow.slug}” in this workspace`);
    const versionId =
      version.id ??
      (await upsertSnapshot(client, {
        id: randomUUID(),
        workspaceId: flow.workspaceId,
        flowId: flow.id,
        document: version.document,
        contentHash: contentHash(version.document),
        createdById: actor.userId,
      }));
    await insertRun(client, {
      runId,
      eventId: uuidv7(),
      workspaceId: flow.workspaceId,
      flow,
      version: { id: versionId, number: version.number },
      kind: 'manual',
      event,
      remoteAddress: actor.address,
      ...keys,
      pins,
    });
    await insertAudit(client, actor, {
      action: 'run.start',
      resource: `run:${runId}`,
      detail: { flow: flow.slug, version: version.number, ...(pins && { pinned: Object.keys(pins) }) },
    });
    await wakeRuns(client, [runId]);
    crashPoint('start.before_commit');
  });
  crashPoint('start.after_commit');
  return runId;
}
