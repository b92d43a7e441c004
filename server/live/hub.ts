import { CHANNELS, type Channel } from '#server/live/channel.ts';
import { Listener } from '#server/live/listener.ts';
import { log } from '#server/log.ts';

interface Subscription {
  readonly channel: string;
  /** Called with the notices of its own channel alone. */
  readonly receive: (notice: never) => void;
  readonly onGap: (() => void) | undefined;
}
interface Hub {
  readonly subscriptions: Set<Subscription>;
  listener: Listener | undefined;
}
const holder = globalThis as typeof globalThis & { patchbayHub?: Hub };

/**
 * Calls `receive` with each notice of a channel; the database connection is shared by the whole process. `onGap` is
 * called when notices may have been missed.
 *
 * @returns a function that ends the subscription.
 */
export function subscribe<T>(
  channel: Channel<T>,
  receive: (notice: T) => void,
  onGap?: () => void,
): () => void {
  const hub = theHub();
  const subscription: Subscription = { channel: channel.name, receive, onGap };
  hub.subscriptions.add(subscription);
  hub.listener ??= new Listener({
    channels: CHANNELS.map(({ name }) => name),
    onPayload: (name, payload) => tell(hub, name, payload),
    onGap: () => hub.subscriptions.forEach((each) => each.onGap?.()),
  });
  return () => {
    hub.subscriptions.delete(subscription);
  };
}

/** Closes the process's listening connection; for shutdown and tests. */
export async function stopListening(): Promise<void> {
  const hub = theHub();
  const listener = hub.listener;
  hub.listener = undefined;
  hub.subscriptions.clear();
  await listener?.close();
}

function theHub(): Hub {
  holder.patchbayHub ??= { subscriptions: new Set(), listener: undefined };
  return holder.patchbayHub;
}

function tell(hub: Hub, name: string, payload: string | undefined): void {
  const listeners = [...hub.subscriptions].filter(({ channel }) => channel === name);
  if (listeners.length === 0) return;
  const channel = CHANNELS.find((each) => each.name === name);
  const notices = channel?.notices.safeParse(parse(payload));
  if (!notices?.success) {
    log.warn({ part: 'live' }, `a notification on ${name} is not what is told there`);
    return;
  }
  for (const notice of notices.data) for (const { receive } of listeners) receive(notice as never);
}

function parse(payload: string | undefined): unknown {
  try {
    return JSON.parse(payload ?? '');
  } catch {
    return undefined;
  }
}
