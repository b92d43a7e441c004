import type { Contact, Deal, EventType } from '#sandbox/crm/schemas.ts';
import { postEvent } from '#sandbox/events/post-event.ts';
import { newId } from '#sandbox/new-id.ts';
import { notFound } from '#sandbox/problem.ts';
import { nextMoment, type Delivery, type Webhook } from '#sandbox/state/state.ts';
import type { Store } from '#sandbox/state/store.ts';

/** Nine tries in about three and a half minutes. */
export const RETRY_PAUSES_MS: readonly number[] = [
  1_000, 2_000, 5_000, 10_000, 20_000, 40_000, 60_000, 60_000,
];

export interface Deliveries {
  /** Sends an event to each webhook that asked for it, once all changes so far are saved. */
  publish(type: EventType, data: Contact | Deal): void;
  /** Sends an event once more, under its old id, whatever became of it. Throws a `Problem` (404) when it is forgotten. */
  sendAgain(id: string): void;
  /** Takes up what was on its way when Acme stopped. */
  resume(): void;
  /** Ends the calls under way; they are made again after the next start. */
  stop(): void;
}

export interface DeliveriesOptions {
  readonly store: Store;
  /** Pauses between tries in milliseconds; the number of tries is one more. Default `RETRY_PAUSES_MS`. */
  readonly pausesMs?: readonly number[] | undefined;
  /** For what goes wrong with Acme itself, such as a full disk. */
  report(cause: unknown): void;
}

/**
 * Delivers events at least once: an event is saved before it is sent, and is sent until its receiver answers 2xx or the
 * tries are used up. A crash between answer and record sends it a second time, under the same id.
 */
export function createDeliveries(options: DeliveriesOptions): Deliveries {
  const { store, pausesMs = RETRY_PAUSES_MS, report } = options;
  const { state } = store;
  const stopping = new AbortController();
  const timers = new Map<string, NodeJS.Timeout>();

  async function attempt(id: string): Promise<void> {
    timers.delete(id);
    const delivery = state.deliveries.get(id);
    if (!delivery || delivery.status !== 'pending') return;
    const webhook = state.webhooks.get(delivery.webhookId);
    if (!webhook || hasExpired(webhook)) {
      state.deliveries.set(id, { ...delivery, status: 'dropped', nextAt: null });
      return store.save();
    }
    const answer = await postEvent(delivery, webhook.secret, stopping.signal);
    if (stopping.signal.aborted) return;
    settle(id, answer);
    await store.save();
  }

  function settle(id: string, answer: Awaited<ReturnType<typeof postEvent>>): void {
    const delivery = state.deliveries.get(id);
    if (!delivery) return;
    const attempts = [...delivery.attempts, { at: nextMoment(state), outcome: answer.outcome }];
    const pauseMs = pausesMs[attempts.length - 1];
    if (answer.isTaken)
      state.deliveries.set(id, { ...delivery, attempts, status: 'delivered', nextAt: null });
    else if (pauseMs === undefined)
      state.deliveries.set(id, { ...delivery, attempts, status: 'failed', nextAt: null });
    else {
      const nextAt = new Date(Date.now() + pauseMs).toISOString();
      state.deliveries.set(id, { ...delivery, attempts, nextAt });
      attemptLater(id, pauseMs);
    }
  }

  function attemptLater(id: string, pauseMs: number): void {
    if (stopping.signal.aborted) return;
    clearTimeout(timers.get(id));
    timers.set(
      id,
      setTimeout(() => void attempt(id).catch(report), pauseMs),
    );
  }

  function begin(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) state.deliveries.set(delivery.id, delivery);
    if (deliveries.length === 0) return;
    store
      .save()
      .then(() => deliveries.forEach(({ id }) => attemptLater(id, 0)))
      .catch(report);
  }

  return {
    publish: (type, data) => {
      const createdAt = nextMoment(state);
      const eventId = newId('evt');
      const body = JSON.stringify({ id: eventId, type, createdAt, data });
      const receivers = [...state.webhooks.values()].filter(
        (webhook) => webhook.events.includes(type) && !hasExpired(webhook),
      );
      begin(
        receivers.map(({ id, url }) => newDelivery({ eventId, type, body, webhookId: id, url, createdAt })),
      );
    },
    sendAgain: (id) => {
      const before = state.deliveries.get(id);
      if (!before) throw notFound('delivery');
      const { eventId, type, body, webhookId, url } = before;
      begin([newDelivery({ eventId, type, body, webhookId, url, createdAt: nextMoment(state) })]);
    },
    resume: () => {
      for (const { id, status, nextAt } of state.deliveries.values())
        if (status === 'pending') attemptLater(id, nextAt ? Math.max(0, Date.parse(nextAt) - Date.now()) : 0);
    },
    stop: () => {
      stopping.abort();
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

function newDelivery(
  event: Pick<Delivery, 'eventId' | 'type' | 'body' | 'webhookId' | 'url' | 'createdAt'>,
): Delivery {
  return { id: newId('del'), ...event, status: 'pending', attempts: [], nextAt: null };
}

function hasExpired(webhook: Webhook): boolean {
  return Date.parse(webhook.expiresAt) <= Date.now();
}
