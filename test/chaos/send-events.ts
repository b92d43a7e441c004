import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import type { PlannedEvent } from './planned-events.ts';
import { postEvent } from './post-event.ts';
import { openRecordFile } from './record-file.ts';
import type { Ack } from './records.ts';

const SENDERS = 48;
const RETRY_MS = 250;

export interface Sending {
  /** Acknowledged so far. */
  acknowledged(): number;
  /** Resolves once every event was acknowledged. */
  readonly done: Promise<void>;
  /** Gives up on those that were not acknowledged yet. */
  stop(): Promise<void>;
}

/**
 * Sends each event when it is due, again and again under the same id until its 2xx came, whatever the other events do.
 * A 2xx is written down, synced, after it was read whole; only then does the sender know of it.
 */
export async function sendEvents(options: {
  readonly file: string;
  readonly events: readonly PlannedEvent[];
  readonly hookOf: (flow: string) => string;
}): Promise<Sending> {
  const record = await openRecordFile<Ack>(options.file);
  const agent = new Agent({ keepAlive: true, maxSockets: SENDERS });
  const startedAt = performance.now();
  let next = 0;
  let acknowledged = 0;
  let isStopped = false;

  async function sendOne(event: PlannedEvent): Promise<void> {
    for (let sends = 1; !isStopped; sends += 1) {
      const { id, flow, number, items } = event;
      const reply = await postEvent(options.hookOf(flow), { id, number, items }, agent);
      if (reply !== null) {
        await record.append({ event: id, flow, runId: reply.runId, at: Date.now(), sends });
        acknowledged += 1;
        return;
      }
      await sleep(RETRY_MS * (0.5 + Math.random()));
    }
  }

  async function keepSending(): Promise<void> {
    for (let event = options.events[next++]; event && !isStopped; event = options.events[next++]) {
      const earlyMs = startedAt + event.dueMs - performance.now();
      if (earlyMs > 0) await sleep(earlyMs);
      await sendOne(event);
    }
  }

  const done = Promise.all(Array.from({ length: SENDERS }, keepSending)).then(() => undefined);
  return {
    acknowledged: () => acknowledged,
    done,
    stop: async () => {
      isStopped = true;
      await done;
      agent.destroy();
      await record.close();
    },
  };
}
