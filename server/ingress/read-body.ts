import type { IncomingMessage } from 'node:http';

import type { HeldBytes } from '#server/ingress/held-bytes.ts';
import { takeTurn } from '#server/ingress/turns.ts';

/** What a body may send ahead while nobody reads it: the high-water mark of the server. */
export const READ_AHEAD_BYTES = 16 * 1_024;
/** What a piece takes besides its bytes, about, where pieces are kept: a body may come in pieces of one byte. */
const PIECE_BYTES = 256;

/** A body, or why there is none. `aborted`: the sender went away. */
export type ReadBody = Buffer | 'too_large' | 'busy' | 'aborted';

/**
 * Reads a body of at most `maxBytes`, whatever its declared length says; a large one when it is its turn. Beyond that
 * nothing more is kept, and the rest of the request is left unread.
 */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
  held: HeldBytes,
): Promise<ReadBody> {
  if (held.isSmall) return take(request, maxBytes, held);
  if (held.declaredBytes !== undefined && held.declaredBytes > maxBytes) return 'too_large';
  const turn = await takeTurn(request, 'kept');
  if (!turn) return request.destroyed ? 'aborted' : 'busy';
  request.on('data', turn.flow);
  try {
    return await take(request, maxBytes, held);
  } finally {
    request.off('data', turn.flow);
    turn.end();
  }
}

function take(request: IncomingMessage, maxBytes: number, held: HeldBytes): Promise<ReadBody> {
  // Its events are over: nobody would ever tell.
  if (request.destroyed) return Promise.resolve('aborted');
  return new Promise((resolve) => {
    const pieces = new Pieces(held.declaredBytes);
    const costOfPiece = held.declaredBytes === undefined ? PIECE_BYTES : 0;
    const settle = (body: ReadBody) => {
      request.off('data', add).off('end', finish).off('close', abort).off('error', abort);
      // A request that failed after this must not end the process.
      request.on('error', () => undefined);
      request.pause();
      resolve(body);
    };
    const add = (piece: Buffer) => {
      if (pieces.length + piece.length > maxBytes) settle('too_large');
      else if (held.add(piece.length + costOfPiece)) pieces.add(piece);
      else settle('busy');
    };
    const finish = () => settle(pieces.whole());
    const abort = () => settle('aborted');
    request.on('data', add).on('end', finish).on('close', abort).on('error', abort);
  });
}

/** A body as it comes. Of a declared length all are copied into one place, which takes memory only as it fills. */
class Pieces {
  length = 0;
  readonly #declared: number | undefined;
  readonly #pieces: Buffer[] = [];
  #place: Buffer | undefined;

  constructor(declared: number | undefined) {
    this.#declared = declared;
  }

  add(piece: Buffer): void {
    const { length } = this;
    this.length += piece.length;
    if (this.#declared === undefined || this.#declared === piece.length) this.#pieces.push(piece);
    else (this.#place ??= Buffer.allocUnsafeSlow(this.#declared)).set(piece, length);
  }

  whole(): Buffer {
    if (this.#place) return this.#place.subarray(0, this.length);
    return this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces, this.length);
  }
}
