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
  const gate = new AbortController();
  const timer = setInterval(() => {
    isActorAlive(actor).then(
      (isAlive) => isAlive || gate.abort(),
      (error: unknown) => {
        log.warn(
          { part: 'api', err: error },
          'Could not check the session of an open stream, so it was closed',
        );
        gate.abort();
      },
    );
  }, CHECK_EVERY_MS);
  timer.unref();
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  source
    .pipeTo(writable, { signal: AbortSignal.any([gate.signal, signal]), preventAbort: true })
    // The reader left, or the gate closed: either way the reply ends here, in order.
    .catch(() => writable.close().catch(() => undefined))
    .finally(() => clearInterval(timer));
  return readable;
}
