import type { IncomingMessage } from 'node:http';

import { hasRoom, onFreed } from '#server/ingress/held-bytes.ts';

/**
 * Large requests that are read at the same time: those to be kept, and refused ones whose rest is to flow away. In each turn of the event loop a piece of every one is read, and one connection is accepted: were a thousand
 * read at once, new connections would wait for many seconds.
 */
const MOST = { kept: 2, dropped: 16 } as const;
/** A turn ends when nothing came for so long: a slow sender costs little, and goes on beside the others. */
const PAUSE_MS = 50;
const TURN_MS = 1_000;
/**
 * Requests to be kept. Each has sent a first piece already, which takes memory; but a sender that waits opens no further connections,
 * which all others would have to queue behind.
 */
export const MOST_WAITING = 400;
const PATIENCE_MS = 5_000;
/** After so many bytes of pieces the garbage among them is let go: left alone, it would take several times as much. */
const SWEEP_BYTES = 16 * 1_048_576;

export interface Turn {
  /** Something came. */
  flow(piece: Buffer): void;
  /** More than once does no harm. */
  end(): void;
}

type Grant = (turn: Turn | null) => void;
interface Line {
  taken: number;
  readonly most: number;
  readonly waiting: Grant[];
  readonly hasRoom: () => boolean;
}

const lines = {
  kept: { taken: 0, most: MOST.kept, waiting: [], hasRoom } as Line,
  dropped: { taken: 0, most: MOST.dropped, waiting: [], hasRoom: () => true } as Line,
};
onFreed(() => giveTurns(lines.kept));
let unsweptBytes = 0;

/** Waits until a large request may be read. Null when its sender goes away; of those to be kept, also when too many wait, or for too long. */
export function takeTurn(request: IncomingMessage, kind: keyof typeof lines): Promise<Turn | null> {
  if (request.destroyed) return Promise.resolve(null);
  const line = lines[kind];
  const { waiting } = line;
  if (waiting.length === 0 && isFree(line)) return Promise.resolve(begin(line));
  if (kind === 'kept' && waiting.length >= MOST_WAITING) return Promise.resolve(null);
  return new Promise((resolve) => {
    const settle: Grant = (turn) => {
      clearTimeout(timer);
      request.off('close', giveUp);
      resolve(turn);
    };
    const giveUp = () => {
      waiting.splice(waiting.indexOf(settle), 1);
      settle(null);
    };
    const timer = kind === 'kept' ? setTimeout(giveUp, PATIENCE_MS) : undefined;
    request.once('close', giveUp);
    waiting.push(settle);
  });
}

function giveTurns(line: Line): void {
  while (line.waiting.length > 0 && isFree(line)) line.waiting.shift()?.(begin(line));
}

function isFree(line: Line): boolean {
  return line.taken < line.most && line.hasRoom();
}

function begin(line: Line): Turn {
  line.taken += 1;
  let isOver = false;
  const end = () => {
    if (isOver) return;
    isOver = true;
    clearTimeout(pause);
    clearTimeout(whole);
    line.taken -= 1;
    giveTurns(line);
  };
  const pause = setTimeout(end, PAUSE_MS);
  const whole = setTimeout(end, TURN_MS);
  const flow = (piece: Buffer) => {
    sweepAfter(piece.length);
    if (!isOver) pause.refresh();
  };
  return { flow, end };
}

/** Does nothing unless Node was started with `--expose-gc`. */
function sweepAfter(bytes: number): void {
  unsweptBytes += bytes;
  if (unsweptBytes < SWEEP_BYTES) return;
  unsweptBytes = 0;
  globalThis.gc?.({ type: 'minor' });
}
