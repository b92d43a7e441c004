import { renewDueConnections } from '#server/connections/renew-due-connections.ts';
import { Beat } from '#worker/triggers/beat.ts';

/** Workers look at different times, so that they do not go after the same connections together. */
const LOOK_MS = { least: 700, spread: 600 } as const;

/** Renews tokens ahead of their end, so that no step has to wait for that. Every worker has one; each token is renewed by one of them. */
export class TokenKeeper {
  readonly #beat = new Beat({
    what: 'renewing connections',
    part: 'connection',
    nextIn: () => LOOK_MS.least + Math.random() * LOOK_MS.spread,
    work: renewDueConnections,
  });

  start(): void {
    this.#beat.start();
  }

  /** Resolves when no renewal is under way; none follows. */
  stop(): Promise<void> {
    return this.#beat.stop();
  }
}
