/** Bytes of bodies that are being read or stored, over all requests: many slow large ones must not fill the memory. */
const MAX_HELD_BYTES = 32 * 1_048_576;
/** Of these, what only small requests may take: a flood of large bodies leaves room for everybody's usual events. */
const KEPT_FOR_SMALL_BYTES = 10 * 1_048_576;
/** A request is small when its declared length is at most this. */
const SMALL_BYTES = 32_768;
/** Above this no large body is begun; what is left is for those that were. */
const BEGUN_BYTES = 6 * 1_048_576;

let heldBytes = 0;
let whenFreed: () => void = () => undefined;

/** Whether another large body may be begun. */
export function hasRoom(): boolean {
  return heldBytes < BEGUN_BYTES;
}

/** Has somebody told whenever bytes were set free. */
export function onFreed(tell: () => void): void {
  whenFreed = tell;
}

/** Counts what one request holds in memory. Release it when the request is answered, on every path. */
export class HeldBytes {
  readonly declaredBytes: number | undefined;
  readonly isSmall: boolean;
  #count = 0;
  readonly #limit: number;

  /** @param declaredBytes the request's own word on its length; undefined when it gives none. */
  constructor(declaredBytes?: number) {
    this.declaredBytes = declaredBytes;
    this.isSmall = declaredBytes !== undefined && declaredBytes <= SMALL_BYTES;
    this.#limit = this.isSmall ? MAX_HELD_BYTES : MAX_HELD_BYTES - KEPT_FOR_SMALL_BYTES;
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
    whenFreed();
  }
}
