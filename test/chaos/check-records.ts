import { idempotencyKey } from '#worker/idempotency-key.ts';

import { checkCalls } from './check-calls.ts';
import { checkDoubts } from './check-doubts.ts';
import { CHAOS_FLOWS } from './chaos-flows.ts';
import { groupBy } from './group-by.ts';
import type { PlannedEvent } from './planned-events.ts';
import type { CallName, Records } from './records.ts';

/** Something that must not be. */
export interface Violation {
  readonly kind:
    | 'not_acknowledged'
    | 'lost'
    | 'doubled_run'
    | 'other_run'
    | 'unfinished'
    | 'effect_missing'
    | 'other_key'
    | 'repeated_when_done'
    | 'unexplained_repeat'
    | 'once_repeated'
    | 'unexplained_doubt'
    | 'doubt_missing'
    | 'ledger'
    | 'too_little_load'
    | 'too_few_kills';
  readonly about: string;
}

/** A plan carried out to a smaller part than this proves nothing. */
const ENOUGH = 0.9;
const ENDED: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled']);

/** Holds the three witnesses against each other. Empty when nothing was lost and nothing done twice. */
export function checkRecords(records: Records, events: readonly PlannedEvent[]): readonly Violation[] {
  return [
    ...checkRuns(records, events),
    ...checkEffects(records, events),
    ...checkKeys(records),
    ...checkCalls(records),
    ...checkDoubts(records),
    ...checkLedger(records),
    ...checkPlan(records),
  ];
}

/** Each event was acknowledged, and has exactly one run, which is the one acknowledged and ended or waits for a person. */
function checkRuns({ acks, runs }: Records, events: readonly PlannedEvent[]): Violation[] {
  const runsOf = groupBy(runs, ({ event }) => event);
  const ackOf = new Map(acks.map((ack) => [ack.event, ack]));
  return events.flatMap(({ id }): Violation[] => {
    const ack = ackOf.get(id);
    const own = runsOf.get(id) ?? [];
    const [run] = own;
    if (!ack) return [{ kind: 'not_acknowledged', about: id }];
    if (!run) return [{ kind: 'lost', about: id }];
    if (own.length > 1)
      return [{ kind: 'doubled_run', about: `${id}: ${own.map((each) => each.id).join(', ')}` }];
    if (run.id !== ack.runId)
      return [
        { kind: 'other_run', about: `${id}: ${run.id} instead of ${ack.runId}, which was acknowledged` },
      ];
    if (!ENDED.has(run.status) && run.status !== 'in_doubt')
      return [{ kind: 'unfinished', about: `${run.id} is ${run.status}` }];
    return [];
  });
}

/** What the database says was done did reach the far end. */
function checkEffects({ runs, calls }: Records, events: readonly PlannedEvent[]): Violation[] {
  const done = new Set(calls.filter(({ did }) => did !== 'refused').map(nameOf));
  const eventOf = new Map(events.map((event) => [event.id, event]));
  return runs
    .filter(({ status }) => status === 'succeeded')
    .flatMap((run) => {
      const event = eventOf.get(run.event);
      const flow = CHAOS_FLOWS.find(({ slug }) => slug === run.flow);
      if (!event || !flow) return [];
      const expected = flow.callsOf({ number: event.number, items: event.items.length });
      return expected
        .filter(
          (call) =>
            !done.has(
              nameOf({ run: run.id, node: call.split(' ')[0] ?? '', item: call.split(' ')[1] ?? '' }),
            ),
        )
        .map((call): Violation => ({ kind: 'effect_missing', about: `${run.id} ${call}` }));
    });
}

/** Every call carried the key of its step, whichever attempt it was and whoever made it. */
function checkKeys({ calls }: Records): Violation[] {
  return calls
    .filter(({ key, run, node, item }) => key !== idempotencyKey(run, node, item))
    .map((call) => ({ kind: 'other_key', about: `${nameOf(call)}: ${call.key}` }));
}

/** What the product counts adds up, and agrees with what the sender saw. */
function checkLedger({ ledger, acks }: Records): Violation[] {
  const acknowledged = groupBy(acks, ({ flow }) => flow);
  const lines = ledger.flows.flatMap(({ flow, accepted, deduplicated, drift, runs }) => {
    const total = Object.values(runs).reduce((sum, count) => sum + count, 0);
    const seen = acknowledged.get(flow)?.length ?? 0;
    if (drift === 0 && accepted === total + deduplicated && total === seen) return [];
    return [
      `${flow}: accepted ${accepted}, runs ${total}, repeats ${deduplicated}, drift ${drift}, sender saw ${seen}`,
    ];
  });
  return [...lines, ...ledger.faults].map((about) => ({ kind: 'ledger', about }));
}

function checkPlan({ plan, kills }: Records): Violation[] {
  const violations: Violation[] = [];
  if (plan.acknowledgedInTime < plan.events * ENOUGH)
    violations.push({
      kind: 'too_little_load',
      about: `${plan.acknowledgedInTime} of ${plan.events} in time`,
    });
  if (kills.length < plan.kills * ENOUGH)
    violations.push({ kind: 'too_few_kills', about: `${kills.length} of ${plan.kills}` });
  return violations;
}

function nameOf({ run, node, item }: Pick<CallName, 'run' | 'node' | 'item'>): string {
  return `${run} ${node} ${item}`;
}
