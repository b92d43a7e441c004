import type { IncomingMessage } from 'node:http';

/** Bytes of bodies that are being read or stored, over all requests: many slow large ones must not fill the memory. */
const MAX_HELD_BYTES = 64 * 1_048_576;
/** Of these, what only small requests may take: a flood of large bodies leaves room for everybody's usual events. */
const KEPT_FOR_SMALL_BYTES = 16 * 1_048_576;
/** A request is small when its declared length is at most this. */
const SMALL_BYTES = 32_768;
/** What a piece of a body takes besides its bytes, about: a body may come in pieces of one byte. */
const PIECE_BYTES = 256;

let heldBytes = 0;

/** A body, or why there is none. `aborted`: the sender went away. */
export type ReadBody = Buffer | 'too_large' | 'busy' | 'aborted';

/** Counts what one request holds in memory. Release it when the request is answered, on every path. */
export class HeldBytes {
  #count = 0;
  readonly #limit: number;

  /** @param declaredBytes the request's own word on its length; undefined when it gives none. */
  constructor(declaredBytes?: number) {
    const isSmall = declaredBytes !== undefined && declaredBytes <= SMALL_BYTES;
    this.#limit = isSmall ? MAX_HELD_BYTES : MAX_HELD_BYTES - KEPT_FOR_SMALL_BYTES;
  }

  /** False when there is no room for more. */
  add(bytes: number): boolean {
    if (heldBytes + bytes > this.#limit) return false;
    heldBytes += bytes;
    this.#count += bytes;
    return true;
  }

  release(): void {
    heldBytes -= this.#count;
    this.#count = 0;
  }
}

/**
 * Reads a body of at most `maxBytes`, whatever its declared length says. Beyond that nothing more is kept, and the rest of
 * the request flows away unread.
 */
export function readBody(request: IncomingMessage, maxBytes: number, held: HeldBytes): Promise<ReadBody> {
  // Its events are over: nobody would ever tell.
  if (request.destroyed) return Promise.resolve('aborted');
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (body: ReadBody) => {
      request.off('data', take).off('end', finish).off('close', abort).off('error', abort);
      // A request that failed after this must not end the process.
      request.on('error', () => undefined);
      request.resume();
      resolve(body);
    };
    const take = (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) settle('too_large');
      else if (held.add(chunk.length + PIECE_BYTES)) chunks.push(chunk);
      else settle('busy');
    };
    const finish = () => settle(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length));
    const abort = () => settle('aborted');
    request.on('data', take).on('end', finish).on('close', abort).on('error', abort);
  });
}
