import type { Socket } from 'node:net';

import { tooManyBytes } from './rows.ts';

/** Looked at so often: what comes in between is bounded by the speed of the network. */
const LOOK_MS = 20;

/** Ends a socket that received too much: one value of a row may be larger than all memory. Returns what stops the watch. */
export function watchBytes(socket: Socket, limit: number, onTooMany: (error: Error) => void): () => void {
  const timer = setInterval(() => {
    if (socket.bytesRead <= limit) return;
    clearInterval(timer);
    onTooMany(tooManyBytes(limit));
  }, LOOK_MS);
  return () => clearInterval(timer);
}
