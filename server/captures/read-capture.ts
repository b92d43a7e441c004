import { findOperation } from '#connectors/definitions.ts';
import { captureSchema, type Capture } from '#core/api/captures.ts';
import type { Json } from '#core/json.ts';
import type { Prisma } from '#prisma/generated/client.ts';
import type { Actor } from '#server/auth/actor.ts';
import { databaseNow } from '#server/db/clock-watch.ts';
import { prisma } from '#server/db/prisma.ts';
import { findFlow } from '#server/flows/find-flow.ts';
import { hookUrl } from '#server/flows/hook-url.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import { triggerNode } from '#server/flows/trigger-node.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';
import { notFound, type ProblemError } from '#server/problem.ts';

type CaptureRow = Prisma.CaptureGetPayload<{ include: { flow: { include: { hook: true } } } }>;

/** A wait of this actor for an event, and what came of it. Throws 404. */
export async function readCapture(
  actor: Actor,
  { slug, id }: { readonly slug: string; readonly id: string },
): Promise<Capture> {
  const flow = await findFlow(prisma(), actor.workspaceId, slug);
  const row = await prisma().capture.findFirst({
    where: { id, flowId: flow.id, actor: waiterName(actor) },
    include: { flow: { include: { hook: true } } },
  });
  if (!row) throw captureNotFound(slug, id);
  return toCapture(row);
}

/** Who waits: others may not see what comes, for it may have taken a connection of their own. */
export function waiterName({ kind, id }: Pick<Actor, 'kind' | 'id'>): string {
  return `${kind}:${id}`;
}

/** A capture as the API shows it. */
export function toCapture(row: CaptureRow): Capture {
  const { event, flow } = row;
  const isOver = row.expiresAt.getTime() <= databaseNow();
  return {
    id: row.id,
    status: event !== null ? 'captured' : isOver ? 'expired' : 'waiting',
    hookUrl: flow.hook && isWebhook(flow.draft) ? hookUrl(flow.hook.token) : null,
    expiresAt: row.expiresAt.toISOString(),
    event: event === null ? null : fromStoredJson(event as Json),
    runId: row.runId,
    refusal: captureSchema.shape.refusal.parse(row.refusal),
  };
}

export function captureNotFound(slug: string, id: string): ProblemError {
  return notFound(
    `capture “${id.slice(0, 36)}” of the flow “${slug}”; it was ended, or taken, or begun anew`,
  );
}

function isWebhook(draft: unknown): boolean {
  const trigger = triggerNode(storedDocument(draft));
  const operation = trigger && findOperation(trigger.type, trigger.version)?.operation;
  return operation?.kind === 'trigger' && operation.delivery === 'webhook';
}
