import { GROUP } from '#server/sql/lines.ts';

/** Runs of one flow that a worker has in hand. */
export interface HeldSlots {
  readonly workspaceId: string;
  /** As `GROUP` makes it. */
  readonly flowId: string;
  readonly count: number;
}

/**
 * Where the next walk over the waiting flows begins, for what one walk does not reach: past this workspace, and in the
 * named workspaces past that flow.
 */
export interface WalkPosition {
  readonly workspaceId: string | null;
  readonly flows: readonly { readonly workspaceId: string; readonly flowId: string }[];
}

export const WALK_START: WalkPosition = { workspaceId: null, flows: [] };

/** What a worker holds: `before`, and the runs. */
export function heldSlots(
  runs: Iterable<{ readonly workspaceId: string; readonly flowGroup: string }>,
  before: readonly HeldSlots[] = [],
): HeldSlots[] {
  const held = new Map(before.map((slots) => [`${slots.workspaceId} ${slots.flowId}`, slots]));
  for (const { workspaceId, flowGroup: flowId } of runs) {
    const key = `${workspaceId} ${flowId}`;
    held.set(key, { workspaceId, flowId, count: (held.get(key)?.count ?? 0) + 1 });
  }
  return [...held.values()];
}

/** A walk looks at so many workspaces; the next one goes on from there. */
const MAX_SPACES = 32;
/** At so many flows of each of them in any case. */
const MIN_FLOWS = 2;
/** And in all at twice as many flows as runs are wanted; at many where only a flow that has no slot would get one. */
const FLOWS = 'case when $2::int = 0 then 256 else greatest(32, 2 * ($2::int + $3::int)) end';

/** What a fair claim is told of its worker. */
export interface Share {
  /** Slots that any run may have. */
  readonly limit: number;
  /** Slots besides, for runs whose workspace holds none here; and how many of those are for flows that hold none, too. */
  readonly spare: number;
  readonly spareOfFlows: number;
  readonly held: readonly HeldSlots[];
  readonly from: WalkPosition;
  /** Runs whose events are not small are claimed until their bodies make up so many bytes; the last one may go beyond. */
  readonly bytes: number;
}

/** The parameters `$2` to `$11` of a statement that is made of the parts below; `$1` names the worker. */
export function shareValues({ limit, spare, spareOfFlows, held, from, bytes }: Share): unknown[] {
  return [
    limit,
    spare,
    spareOfFlows,
    held.map(({ workspaceId }) => workspaceId),
    held.map(({ flowId }) => flowId),
    held.map(({ count }) => count),
    from.workspaceId ?? FIRST,
    from.flows.map(({ workspaceId }) => workspaceId),
    from.flows.map(({ flowId }) => flowId),
    bytes,
  ];
}

const FIRST = '00000000-0000-0000-0000-000000000000';

/** Which runs are walked over; each kind has its own indexes. */
export type ShareKind = 'free' | 'keyed';

const WAITING: Readonly<Record<ShareKind, string>> = {
  free: 'wake_at is not null and concurrency_limit is null',
  keyed: 'wake_at is not null and concurrency_limit is not null',
};

/**
 * CTEs that end with `candidate` (ws, f, id, wake_at): due runs that a fair choice needs. Where no more are due than there is
 * room for (`crowd`), all of them; else also the first of each waiting flow, found by stepping from flow to flow in
 * the index, so that it costs the same however many runs a flow has.
 */
export function candidates(
  kind: ShareKind,
  options: { readonly room: string; readonly lookAt: string },
): string {
  const waiting = WAITING[kind];
  const inOrder = `order by workspace_id, ${GROUP}, wake_at`;
  const space = (after: string) =>
    `(select workspace_id from run where ${waiting} ${after} ${inOrder} limit 1)`;
  const flow = (ws: string, after: string) =>
    `(select ${GROUP} from run where ${waiting} and workspace_id = ${ws} ${after} ${inOrder} limit 1)`;
  return `
oldest as materialized (
  select workspace_id as ws, ${GROUP} as f, id, wake_at from run
  where wake_at <= now() and ${waiting} order by wake_at limit ${options.lookAt}
), crowd as materialized (
  select count(*) > ${options.room} as is_full from oldest
), spaces (ws, start, place) as (
  select first.ws, first.ws, 1 from crowd cross join lateral (
    select coalesce(${space('and workspace_id > $8::uuid')}, ${space('')}) as ws offset 0) first
  where crowd.is_full and first.ws is not null
  union all
  select next.ws, spaces.start, spaces.place + 1 from spaces cross join lateral (
    select coalesce(${space('and workspace_id > spaces.ws')}, ${space('')}) as ws offset 0) next
  where spaces.place < ${MAX_SPACES} and next.ws <> spaces.start
), reach as materialized (
  select greatest(${MIN_FLOWS}, ${FLOWS} / greatest(count(*), 1)::int) as flows from spaces
), flows (ws, f, start, place) as (
  select spaces.ws, first.f, first.f, 1 from spaces
  left join unnest($9::uuid[], $10::uuid[]) as stop (ws, f) on stop.ws = spaces.ws
  cross join lateral (
    select coalesce(${flow('spaces.ws', `and ${GROUP} > stop.f`)}, ${flow('spaces.ws', '')}) as f offset 0) first
  union all
  select flows.ws, next.f, flows.start, flows.place + 1 from flows cross join reach cross join lateral (
    select coalesce(${flow('flows.ws', `and ${GROUP} > flows.f`)}, ${flow('flows.ws', '')}) as f offset 0) next
  where flows.place < reach.flows and next.f <> flows.start
), depth as materialized (
  select greatest(2, ${options.lookAt} / greatest(count(*), 1)) as runs from flows
), candidate as materialized (
  select ws, f, id, wake_at from oldest
  union
  select flows.ws, flows.f, first.id, first.wake_at from flows cross join lateral (
    select id, wake_at from run
    where ${waiting} and workspace_id = flows.ws and ${GROUP} = flows.f and wake_at <= now()
    ${inOrder} limit least((select runs from depth), ${options.lookAt})) first
), walk as (
  select crowd.is_full as is_crowded, (select count(*) > 1 from flows) as is_mixed,
    (select ws from spaces where place = ${MAX_SPACES}) as stop_ws,
    array(select ws from flows, reach where place = reach.flows order by ws) as stop_spaces,
    array(select f from flows, reach where place = reach.flows order by ws) as stop_flows
  from crowd
)`;
}

/**
 * CTEs over runs that may be claimed (ws, f, id and the columns of `turn`, their order in their flow), ending with `ranked`
 * (id, rank, is_first, first_rank): whose turn it is. Each run asks for one slot more than its flow, and then than its workspace,
 * has here already; the smallest number goes first, ties by lot. So workspaces, and flows in them, come to hold the same number of
 * slots, as far as they have use for them. `is_first`: it would be the only one of its flow here.
 *
 * What is held counts as rows that went before: a join by hand would cost more.
 */
export function ranks(from: string, turn: string): string {
  return `
present as (
  select ws, f, id, row_number() over (partition by ws, f order by ${turn}) as turn, random() as lot from ${from}
  union all
  select ws, f, null, 0, 0 from unnest($5::uuid[], $6::uuid[], $7::int[]) as held (ws, f, count)
    cross join lateral generate_series(1, held.count)
), in_flow as (
  select ws, f, id, first_value(lot) over (partition by ws, f order by turn desc) as lot,
    row_number() over (partition by ws, f order by turn) as place
  from present
), in_space as (
  select id, lot, place, row_number() over (partition by ws order by id is not null, place, lot) as share from in_flow
), ranked as materialized (
  select id, row_number() over (order by share, lot) as rank, place = 1 as is_first, share = 1 as is_first_of_space,
    count(*) filter (where place = 1) over (order by share, lot) as first_rank
  from in_space where id is not null
)`;
}

/** Of `ranked`: those that may have a slot though none is free, since nothing of theirs runs here. */
export const MAY_HAVE_SPARE =
  'ranked.is_first and (ranked.is_first_of_space or ranked.first_rank <= $4::int)';

/** Bodies up to this size count for nothing: all slots together hold few megabytes of them. */
export const SMALL_BODY = 65_536;

/**
 * Of the runs (id, event_id) of `from`, in their order: those whose bodies there is memory for. The size is read without the body.
 */
export const withinBytes = (from: string) => `
  (select id, event_id from (
    select id, event_id, size, sum(size) over (order by place) - size as before from (
      select id, event_id, row_number() over () as place,
        coalesce((select octet_length(body) from event where event.id = event_id), 0) as size
      from ${from}) measured) summed
  where size <= ${SMALL_BODY} or before < $11::int)`;
