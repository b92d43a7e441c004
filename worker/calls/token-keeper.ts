import { renewDueConnections } from '#server/connections/renew-due-connections.ts';
import type { DueBoard } from '#worker/due-board.ts';
import { Beat } from '#worker/triggers/beat.ts';

/** Workers look at different times, so that they do not go after the same connections together. */
const LOOK_MS = { least: 700, spread: 600 } as const;

/** Renews tokens ahead of their end, so that no step has to wait for that. Every worker has one; each token is renewed by one of them. */
export class TokenKeeper {
  readonly #stop = new AbortController();
  readonly #beat: Beat;

  constructor(due: Pick<DueBoard, 'isDue'>) {
    this.#beat = new Beat({
      what: 'renewing connections',
      part: 'connection',
      nextIn: () => LOOK_MS.least + Math.random() * LOOK_MS.spread,
      work: async () => {
        if (await due.isDue('connections')) await renewDueConnections(this.#stop.signal);
      },
    });
  }

  start(): void {
    this.#beat.start();
  }

  /** Resolves when no renewal is under way; none follows. */
  stop(): Promise<void> {
    this.#stop.abort();
    return this.#beat.stop();
  }
}
