import {
  MAX_FLOW_TESTS,
  type CreateFlowTest,
  type FlowTest,
  type UpdateFlowTest,
} from '#core/api/flow-tests.ts';
import type { Json } from '#core/json.ts';
import { Prisma, type Flow } from '#prisma/generated/client.ts';
import { recordAudit } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { prisma } from '#server/db/prisma.ts';
import { inTransaction, type Transaction } from '#server/db/transaction.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { findFlow, lockFlow } from '#server/flows/find-flow.ts';
import { toStoredJson } from '#server/journal/stored-json.ts';
import { notFound, ProblemError } from '#server/problem.ts';
import { recordingOf } from './recording-of.ts';
import { toFlowTest } from './to-flow-test.ts';

/**
 * Adds a test to a flow; with `runId` out of a run of it. Throws 404 for an unknown flow or run, 409 when the flow has 200
 * tests.
 */
export async function createFlowTest(actor: Actor, slug: string, request: CreateFlowTest): Promise<FlowTest> {
  const { name, runId, expectations } = request;
  const { workspaceId } = actor;
  const recording =
    runId === undefined ? undefined : await recordingOf(await findFlow(prisma(), workspaceId, slug), runId);
  return inTransaction(async (tx) => {
    const flow = await lockFlow(tx, workspaceId, slug);
    if ((await tx.flowTest.count({ where: { flowId: flow.id } })) >= MAX_FLOW_TESTS) throw tooMany();
    const id = uuidv7();
    const receivedAt = request.receivedAt ?? recording?.receivedAt ?? new Date();
    const row = await tx.flowTest.create({
      data: {
        id,
        runId: recording?.runId ?? id,
        workspaceId,
        flowId: flow.id,
        name,
        receivedAt,
        startedAt: request.startedAt ?? recording?.startedAt ?? receivedAt,
        input: stored(request.input ?? recording?.input ?? {}),
        pins: stored((request.pins ?? recording?.pins ?? {}) as Json),
        expectations: stored(expectations as unknown as Json),
        createdBy: actor.name,
      },
    });
    await audit(tx, actor, { flow, verb: 'create', id: row.id, name });
    return toFlowTest(row);
  });
}

/** Changes what the request names. Throws 404 for an unknown test. */
export async function updateFlowTest(
  actor: Actor,
  target: { readonly slug: string; readonly id: string },
  request: UpdateFlowTest,
): Promise<FlowTest> {
  const { name, receivedAt, startedAt, input, pins, expectations } = request;
  return inTransaction(async (tx) => {
    const { flow } = await lockTest(tx, actor, target);
    const row = await tx.flowTest.update({
      where: { id: target.id },
      data: {
        updatedAt: new Date(),
        ...(name !== undefined && { name }),
        ...(receivedAt !== undefined && { receivedAt }),
        ...(startedAt !== undefined && { startedAt }),
        ...(input !== undefined && { input: stored(input) }),
        ...(pins !== undefined && { pins: stored(pins as Json) }),
        ...(expectations !== undefined && { expectations: stored(expectations as unknown as Json) }),
      },
    });
    await audit(tx, actor, { flow, verb: 'update', id: row.id, name: row.name });
    return toFlowTest(row);
  });
}

/** Throws 404 for an unknown test. */
export async function deleteFlowTest(
  actor: Actor,
  target: { readonly slug: string; readonly id: string },
): Promise<void> {
  await inTransaction(async (tx) => {
    const { flow, name } = await lockTest(tx, actor, target);
    await tx.flowTest.delete({ where: { id: target.id } });
    await audit(tx, actor, { flow, verb: 'delete', id: target.id, name });
  });
}

async function lockTest(
  tx: Transaction,
  actor: Actor,
  { slug, id }: { readonly slug: string; readonly id: string },
): Promise<{ readonly flow: Flow; readonly name: string }> {
  const flow = await lockFlow(tx, actor.workspaceId, slug);
  const test = await tx.flowTest.findFirst({ where: { id, flowId: flow.id }, select: { name: true } });
  if (!test) throw notFound(`test “${id.slice(0, 36)}” of the flow “${slug}”`);
  return { flow, name: test.name };
}

function audit(
  tx: Transaction,
  actor: Actor,
  act: { readonly flow: Flow; readonly verb: string; readonly id: string; readonly name: string },
): Promise<void> {
  return recordAudit(tx, actor, {
    action: `flow_test.${act.verb}`,
    resource: `flow_test:${act.id}`,
    detail: { flow: act.flow.slug, name: act.name },
  });
}

/** Escapes as the journal does; JSON's null is a value of the column, not its absence. */
function stored(value: Json): Prisma.InputJsonValue | typeof Prisma.JsonNull {
  const escaped = JSON.parse(toStoredJson(value)) as Prisma.InputJsonValue | null;
  return escaped ?? Prisma.JsonNull;
}

function tooMany(): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'too_many_tests',
    title: 'The flow has as many tests as it may',
    detail: `A flow may have ${MAX_FLOW_TESTS} tests. Delete one that you do not need.`,
  });
}
