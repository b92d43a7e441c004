import type { BulkActionRequest } from '#core/api/bulk-actions.ts';
import type { RouteReply } from '#server/api/route.ts';
import type { Actor } from '#server/auth/actor.ts';
import { createBulkAction, previewBulkAction } from '#server/bulk/create-bulk-action.ts';

/** 200 with the preview for a dry run, else 201 with the new bulk action. */
export async function replyToBulkRequest(actor: Actor, request: BulkActionRequest): Promise<RouteReply> {
  if (request.dryRun) return { status: 200, body: await previewBulkAction(actor, request) };
  return { status: 201, body: await createBulkAction(actor, request) };
}
