import { crashPoint } from '#server/crash-point.ts';
import type { AcceptedEvent, Outcome } from '#server/ingress/accepted-event.ts';
import { announceRuns } from '#server/ingress/announce-runs.ts';
import { isDatabaseAway, noteDatabaseError } from '#server/ingress/database-health.ts';
import { isFaultOfOne, isMissingReference, isWorthRepeating } from '#server/ingress/store-faults.ts';
import { storeEvents } from '#server/ingress/store-events.ts';
import { log } from '#server/log.ts';

const MAX_BATCH = 200;
const MAX_BATCH_BYTES = 2 * 1_048_576;
const MAX_IN_FLIGHT = 2;
/** Enough to be worth a second batch while the first is being stored. */
const FULL_ENOUGH = 32;
const MAX_WAITING = 2_000;
/** One noisy hook leaves room for the others. */
const MAX_WAITING_OF_ONE_FLOW = 1_500;

interface Waiting {
  readonly event: AcceptedEvent;
  readonly settle: (outcome: Outcome) => void;
}

const waiting: Waiting[] = [];
const waitingByFlow = new Map<string, number>();
let inFlight = 0;
let turn: NodeJS.Immediate | undefined;

/**
 * Stores an event, together with the others that arrive in the same few milliseconds. The outcome `stored` comes after the
 * commit, never before. Never rejects.
 */
export function acceptEvent(event: AcceptedEvent): Promise<Outcome> {
  if (isDatabaseAway()) return Promise.resolve({ kind: 'unavailable' });
  const ofFlow = waitingByFlow.get(event.flowId) ?? 0;
  if (waiting.length >= MAX_WAITING || ofFlow >= MAX_WAITING_OF_ONE_FLOW)
    return Promise.resolve({ kind: 'busy' });
  waitingByFlow.set(event.flowId, ofFlow + 1);
  return new Promise((settle) => {
    waiting.push({ event, settle });
    schedule();
  });
}

function schedule(): void {
  if (turn !== undefined || waiting.length === 0) return;
  if (inFlight > 0 && (inFlight >= MAX_IN_FLIGHT || waiting.length < FULL_ENOUGH)) return;
  // Alone, an event waits only for those that arrived in the same turn of the loop.
  turn = setImmediate(flush);
}

function flush(): void {
  turn = undefined;
  const batch = takeBatch();
  if (batch.length === 0) return;
  inFlight += 1;
  void storeBatch(batch).finally(() => {
    inFlight -= 1;
    schedule();
  });
  schedule();
}

function takeBatch(): Waiting[] {
  let count = 0;
  let bytes = 0;
  while (count < Math.min(waiting.length, MAX_BATCH)) {
    bytes += waiting[count]!.event.body.length;
    if (count > 0 && bytes > MAX_BATCH_BYTES) break;
    count += 1;
  }
  const batch = waiting.splice(0, count);
  batch.forEach(forget);
  return batch;
}

function forget({ event }: Waiting): void {
  const left = (waitingByFlow.get(event.flowId) ?? 1) - 1;
  if (left > 0) waitingByFlow.set(event.flowId, left);
  else waitingByFlow.delete(event.flowId);
}

/** Settles every event of the batch, whatever happens. */
async function storeBatch(batch: readonly Waiting[], isRepeated = false): Promise<void> {
  try {
    await storeAndTell(batch, isRepeated);
  } catch (error) {
    if (isWorthRepeating(error) && !isRepeated) await storeBatch(batch, true);
    else if (isFaultOfOne(error)) await storeSingly(batch, error, isRepeated);
    else giveUp(batch, error);
  }
}

/** One event that cannot be stored must not take its neighbours with it. */
async function storeSingly(batch: readonly Waiting[], cause: unknown, isRepeated: boolean): Promise<void> {
  for (const one of batch) {
    try {
      if (batch.length === 1) throw cause;
      await storeAndTell([one], isRepeated);
    } catch (error) {
      noteDatabaseError(error);
      log.error({ err: error, part: 'ingress', flowId: one.event.flowId }, 'An event could not be stored');
      one.settle(isMissingReference(error) ? { kind: 'outdated' } : { kind: 'unavailable' });
    }
  }
}

function giveUp(batch: readonly Waiting[], error: unknown): void {
  refuse(batch);
  if (!noteDatabaseError(error)) {
    log.error({ err: error, part: 'ingress' }, 'A batch of events could not be stored');
    return;
  }
  // Nobody waits for a database that is known to be away.
  const others = waiting.splice(0);
  others.forEach(forget);
  refuse(others);
}

async function storeAndTell(batch: readonly Waiting[], isRepeated: boolean): Promise<void> {
  crashPoint('ingress.before_commit');
  const { outcomes, started } = await storeEvents(
    batch.map(({ event }) => event),
    { mayBeStored: isRepeated },
  );
  crashPoint('ingress.after_commit');
  batch.forEach(({ settle }, index) => settle(outcomes[index] ?? { kind: 'unavailable' }));
  announceRuns(started);
}

function refuse(those: readonly Waiting[]): void {
  for (const { settle } of those) settle({ kind: 'unavailable' });
}
