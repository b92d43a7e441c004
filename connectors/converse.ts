import type { Socket } from 'node:net';

import type { StepContext } from './contract.ts';
import type { DialTarget } from './dialer.ts';

/** What is said over one socket. */
export interface Conversation<T> {
  readonly result: Promise<T>;
  /** Called once, however it ends. */
  close(): void;
}

export interface ConversationOptions<T> {
  readonly target: DialTarget;
  /** Begins to talk. `giveUp` ends it with an error that belongs to no question. */
  begin(socket: Socket, giveUp: (error: Error) => void): Conversation<T>;
  /** Says in words what went wrong; not asked when the step was stopped. */
  explain(error: unknown): Error;
}

/** Talks to a server over a socket of its own, until there is a result, somebody gives up, or the step is stopped. */
export async function converse<T>(
  { dial, signal }: Pick<StepContext, 'dial' | 'signal'>,
  { target, begin, explain }: ConversationOptions<T>,
): Promise<T> {
  const socket = await dial({ ...target, signal });
  const { promise: givenUp, reject: giveUp } = Promise.withResolvers<never>();
  // It may reject after the race.
  givenUp.catch(() => undefined);
  const onAbort = () => giveUp(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  const { result, close } = begin(socket, giveUp);
  try {
    if (signal.aborted) onAbort();
    return await Promise.race([result, givenUp]);
  } catch (error) {
    throw signal.aborted ? signal.reason : explain(error);
  } finally {
    signal.removeEventListener('abort', onAbort);
    close();
  }
}
