import { RUN_CHANNEL, type RunNotice } from '#server/live/channel.ts';
import { announce } from '#server/live/outbox.ts';

/** Announces runs that changed. Call it after the commit; it returns at once. Of several changes of one run only the last is told. */
export function publishRunChanges(changes: readonly RunNotice[]): void {
  announce(
    RUN_CHANNEL,
    changes.map(({ id, workspaceId, flow, status }) => [id, { id, workspaceId, flow, status }] as const),
  );
}
