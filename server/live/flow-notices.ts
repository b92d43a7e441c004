import type { Presence } from '#core/api/flow-live.ts';
import { FLOW_CHANNEL, type FlowNotice } from '#server/live/channel.ts';
import { announce } from '#server/live/outbox.ts';

/** An open flow: its workspace and slug. */
export interface FlowPlace {
  readonly workspaceId: string;
  readonly flow: string;
}

/** Says that a draft was saved. Call it after the commit. */
export function announceDraft(
  { workspaceId, flow }: FlowPlace,
  saved: { etag: string; userId: string | null },
): void {
  tell('draft', { kind: 'draft', workspaceId, flow, etag: saved.etag, userId: saved.userId });
}

/** Says which version of a flow runs now; null for none. Call it after the commit. */
export function announceVersion({ workspaceId, flow }: FlowPlace, version: number | null): void {
  tell('version', { kind: 'version', workspaceId, flow, version });
}

/** Says that something became of a wait for an event of the flow. Call it after the commit. */
export function announceCapture({ workspaceId, flow }: FlowPlace, id: string): void {
  tell(`capture:${id}`, { kind: 'capture', workspaceId, flow, id });
}

/** Asks every open page of the flow to say who is there. */
export function askWhoIsHere(place: FlowPlace): void {
  tell('who', { kind: 'who', ...place });
}

export function announceHere(place: FlowPlace, person: Presence): void {
  tell(`tab:${person.tab}`, { kind: 'here', ...place, person });
}

export function announceGone(place: FlowPlace, { tab, userId }: Pick<Presence, 'tab' | 'userId'>): void {
  tell(`tab:${tab}`, { kind: 'gone', ...place, person: { tab, userId } });
}

/** Tells the nodes that somebody selected, to all processes: the one that holds their stream says it again. */
export function announceSelected(place: FlowPlace, person: Omit<Presence, 'name'>): void {
  tell(`selected:${person.tab}`, { kind: 'selected', ...place, person });
}

function tell(key: string, notice: FlowNotice): void {
  announce(FLOW_CHANNEL, [[`${notice.workspaceId} ${notice.flow} ${key}`, notice]]);
}
