import type { RunNotice } from '#server/live/channel.ts';
import type { AcceptedEvent, Outcome } from '#server/ingress/accepted-event.ts';
import { ingressPool } from '#server/ingress/ingress-pool.ts';
import { type StoreKind, storeStatement } from '#server/sql/store-events.ts';

/** What a committed batch did. `outcomes` is in the order of the events. */
export interface StoredBatch {
  readonly outcomes: readonly Outcome[];
  /** The runs that it began. */
  readonly started: readonly RunNotice[];
}

interface StoredRow {
  readonly asked: string;
  readonly event_id: string;
  readonly run_id: string | null;
  readonly slug: string;
  readonly workspace_id: string;
}

const OUTDATED: Outcome = { kind: 'outdated' };

/**
 * Stores events in one commit. Returns after the commit; rejects when nothing is known to be stored. The same events
 * may be given again after a failure, with `mayBeStored`. Of events with the same dedupe key the first is stored, the others get its
 * ids.
 */
export async function storeEvents(
  events: readonly AcceptedEvent[],
  { mayBeStored = false }: Partial<Pick<StoreKind, 'mayBeStored'>> = {},
): Promise<StoredBatch> {
  const { leaders, repeats } = groupByKey(events);
  const isKeyed = leaders.some(({ dedupeKey }) => dedupeKey !== null);
  const { rows } = await ingressPool().query<StoredRow>({
    ...storeStatement({ isKeyed, mayBeStored }),
    values: parametersOf(leaders, repeats),
  });
  const byAsked = new Map(rows.map((row) => [row.asked, row]));
  const leaderOf = new Map(leaders.map((leader) => [groupOf(leader), leader]));
  return {
    outcomes: events.map((event) =>
      outcomeOf(event, byAsked.get(leaderOf.get(groupOf(event))?.eventId ?? '')),
    ),
    started: rows.filter(isNewRun).map((row) => ({
      id: row.run_id,
      workspaceId: row.workspace_id,
      flow: row.slug,
      status: 'queued',
    })),
  };
}

function outcomeOf(event: AcceptedEvent, row: StoredRow | undefined): Outcome {
  if (!row) return OUTDATED;
  return {
    kind: 'stored',
    eventId: row.event_id,
    runId: row.run_id,
    isDuplicate: row.event_id !== event.eventId,
  };
}

function isNewRun(row: StoredRow): row is StoredRow & { run_id: string } {
  return row.run_id !== null && row.event_id === row.asked;
}

/** Postgres refuses to touch one key twice in a statement, so the repeats of a batch are only counted. */
function groupByKey(events: readonly AcceptedEvent[]): { leaders: AcceptedEvent[]; repeats: number[] } {
  const leaders: AcceptedEvent[] = [];
  const repeats: number[] = [];
  const places = new Map<string, number>();
  for (const event of events) {
    const group = groupOf(event);
    const place = places.get(group);
    if (place === undefined) {
      places.set(group, leaders.push(event) - 1);
      repeats.push(0);
    } else {
      repeats[place]! += 1;
    }
  }
  return { leaders, repeats };
}

/** An event that was checked against another version or secret leads nobody: it may be outdated. */
function groupOf(event: AcceptedEvent): string {
  if (event.dedupeKey === null) return event.eventId;
  return `${event.flowId} ${event.versionNumber} ${event.connectionStamp} ${event.dedupeKey}`;
}

function parametersOf(events: readonly AcceptedEvent[], repeats: readonly number[]): unknown[] {
  const column = <K extends keyof AcceptedEvent>(name: K) => events.map((event) => event[name]);
  const bodies = column('body');
  let end = 1;
  // SQL counts bytes from 1.
  const starts = bodies.map((body) => (end += body.length) - body.length);
  return [
    bodies.length === 1 ? bodies[0] : Buffer.concat(bodies),
    column('eventId'),
    column('runId'),
    column('tokenHash'),
    column('versionNumber'),
    column('versionId'),
    column('connectionSlug'),
    column('connectionStamp'),
    column('dedupeKey'),
    repeats,
    column('method'),
    column('query'),
    column('headers'),
    starts,
    bodies.map((body) => body.length),
    column('contentType'),
    column('remoteAddress'),
    column('verified'),
    column('quarantine'),
    column('concurrencyKey'),
    column('concurrencyLimit'),
    column('businessKey'),
  ];
}
