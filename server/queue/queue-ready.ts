import { queue } from '#server/queue/boss.ts';

/**
 * Resolves once the queue can be sent to. Await it before a transaction that wakes runs: starting the queue takes a
 * connection of the pool, and callers who each hold one while they wait for another would wait for each other.
 */
export async function queueReady(): Promise<void> {
  await queue();
}
