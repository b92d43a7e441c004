import { setTimeout as sleep } from 'node:timers/promises';

import type { FlowTestOutcome, FlowTestRun, RunFlowTests } from '#core/api/flow-tests.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { callsOut } from '#core/pins/calls-out.ts';
import type { Json } from '#core/json.ts';
import type { Prisma } from '#prisma/generated/client.ts';
import { type FlowTestRun as TestRunRow } from '#prisma/generated/client.ts';
import type { Actor } from '#server/auth/actor.ts';
import { prisma } from '#server/db/prisma.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { invalidAt } from '#server/flows/faults-problem.ts';
import { findFlow } from '#server/flows/find-flow.ts';
import { requireRunnable } from '#server/flows/require-runnable.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';
import { notFound } from '#server/problem.ts';
import { pickVersion } from '#server/runs/pick-version.ts';
import { GIVEN_UP_AFTER_SECONDS } from '#server/sql/flow-test-runs.ts';

const LOOK_MS = 100;

/**
 * Has a worker carry out tests of a flow, and waits for it as long as it may take. Calls are answered by what the tests have
 * recorded: nothing leaves, and no run, event or dead letter comes of it. Throws 422 for a draft that cannot run, but for
 * its connections, and for ids that are no tests of the flow.
 */
export async function runFlowTests(
  actor: Actor,
  slug: string,
  request: RunFlowTests & { readonly signal?: AbortSignal },
): Promise<FlowTestRun> {
  const { workspaceId } = actor;
  const flow = await findFlow(prisma(), workspaceId, slug);
  const { document, number } =
    request.version === 'draft'
      ? { document: await runnableDraft(actor, storedDocument(flow.draft)), number: null }
      : await pickVersion(flow, request.version, actor.userId);
  const { ids } = request;
  const tests = await prisma().flowTest.findMany({
    where: { flowId: flow.id, ...(ids && { id: { in: [...ids] } }) },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  const unknown = ids?.find((id) => !tests.some((test) => test.id === id.toLowerCase()));
  if (unknown !== undefined) throw invalidAt('/ids', 'unknown_test', `The flow has no test “${unknown}”.`);
  const made = await prisma().flowTestRun.create({
    data: {
      id: uuidv7(),
      workspaceId,
      flowId: flow.id,
      version: number,
      document: document,
      tests: tests.map(storedTest),
    },
  });
  return untilDone(made, request);
}

/** Tests as they were when they were asked for, values escaped as they are stored. Throws 404. */
export async function readFlowTestRun(
  workspaceId: string,
  { slug, id }: { readonly slug: string; readonly id: string },
): Promise<FlowTestRun> {
  const flow = await findFlow(prisma(), workspaceId, slug);
  const row = await prisma().flowTestRun.findFirst({ where: { id, flowId: flow.id } });
  if (!row)
    throw notFound(`run “${id.slice(0, 36)}” of tests of the flow “${slug}”; they are kept for an hour`);
  return toFlowTestRun(row);
}

async function runnableDraft(actor: Actor, document: FlowDocument): Promise<FlowDocument> {
  const pinned = new Set(document.nodes.filter(callsOut).map(({ id }) => id));
  await requireRunnable(prisma(), actor, { document, title: 'The draft cannot be tested yet', pinned });
  return document;
}

function storedTest(test: {
  readonly id: string;
  readonly name: string;
  readonly input: Prisma.JsonValue;
  readonly runId: string;
  readonly receivedAt: Date;
  readonly startedAt: Date;
  readonly pins: Prisma.JsonValue;
  readonly expectations: Prisma.JsonValue;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
}): Prisma.InputJsonObject {
  const { receivedAt, startedAt, createdAt, updatedAt, ...rest } = test;
  return {
    ...rest,
    receivedAt: receivedAt.toISOString(),
    startedAt: startedAt.toISOString(),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

async function untilDone(
  made: TestRunRow,
  { wait, signal }: { readonly wait: number; readonly signal?: AbortSignal },
): Promise<FlowTestRun> {
  let row = made;
  const until = performance.now() + wait * 1_000;
  while (row.finishedAt === null && performance.now() < until && !signal?.aborted) {
    await sleep(LOOK_MS);
    row = await prisma().flowTestRun.findUniqueOrThrow({ where: { id: made.id } });
  }
  return toFlowTestRun(row);
}

function isGivenUp({ createdAt }: TestRunRow): boolean {
  return Date.now() - createdAt.getTime() > GIVEN_UP_AFTER_SECONDS * 1_000;
}

function toFlowTestRun(row: TestRunRow): FlowTestRun {
  const outcome = fromStoredJson(row.result as Json) as unknown as FlowTestOutcome | null;
  const results = outcome?.results ?? [];
  const passed = results.filter((result) => result.passed).length;
  return {
    id: row.id,
    status: outcome ? 'done' : isGivenUp(row) ? 'given_up' : 'queued',
    version: row.version,
    passed,
    failed: results.length - passed,
    results,
    coverage: outcome?.coverage ?? null,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}
