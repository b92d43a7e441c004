import type { Actor } from '#server/auth/actor.ts';
import { isActorAlive } from '#server/auth/is-actor-alive.ts';
import { log } from '#server/log.ts';

/** A revoke, a password change or a lost role ends open streams within this time and one look-up. */
const CHECK_EVERY_MS = 4_000;

/** Passes a stream on for as long as its reader is there and its actor keeps the session or key and the role. */
export function whileAlive(
  source: ReadableStream<Uint8Array>,
  actor: Actor,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  // Read by hand: a pipe that is given up while a chunk is on its way never cancels its source (Node 24).
  const reader = source.getReader();
  const timer = setInterval(() => {
    mayGoOn(actor)
      .then((isAlive) => (isAlive ? undefined : stop()))
      .catch(reportFailedStop);
  }, CHECK_EVERY_MS);
  timer.unref();
  const stop = () => {
    clearInterval(timer);
    // The read under way ends with `done`, and with it the reply, in order.
    return reader.cancel();
  };
  const leave = () => void stop().catch(reportFailedStop);
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true });
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        clearInterval(timer);
        controller.close();
      },
      cancel: stop,
    },
    { highWaterMark: 0 },
  );
}

async function mayGoOn(actor: Actor): Promise<boolean> {
  try {
    return await isActorAlive(actor);
  } catch (error) {
    log.warn({ part: 'api', err: error }, 'Could not check the session of an open stream, so it was closed');
    return false;
  }
}

function reportFailedStop(error: unknown): void {
  log.warn({ part: 'api', err: error }, 'An open stream did not end cleanly');
}
