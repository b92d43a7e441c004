import jsonata from 'jsonata';

/** What makes the clock and the dice of an evaluation repeatable. */
export interface Steadiness {
  /** The time that `$now()` and `$millis()` give, ISO 8601. */
  readonly at: string;
  /** The same text gives the same `$random()` and `$shuffle()`. */
  readonly seed: string;
}

type FromMillis = (millis: number, picture?: string, timezone?: string) => string;

const VOLATILE = /\$(?:now|millis|random|shuffle)\b/;

/** True when an expression reads the clock or throws dice, so that evaluating it again could give something else. */
export function isVolatile(source: string): boolean {
  return VOLATILE.test(source);
}

/**
 * JSONata's clock and dice, made the same on every evaluation: a step that is attempted again after a crash must send
 * the same body under the same idempotency key, and take the same branch.
 */
export async function steadyFunctions({ at, seed }: Steadiness): Promise<Record<string, unknown>> {
  fromMillis ??= loadFromMillis();
  const format = await fromMillis;
  const millis = Date.parse(at);
  const random = seededRandom(seed);
  return {
    now: (picture?: string, timezone?: string) => format(millis, picture, timezone),
    millis: () => millis,
    random,
    shuffle: (list?: unknown) => (list === undefined ? undefined : shuffled(list, random)),
  };
}

let fromMillis: Promise<FromMillis> | undefined;

async function loadFromMillis(): Promise<FromMillis> {
  const builtin = (await jsonata('$fromMillis').evaluate(null)) as { implementation: FromMillis };
  return builtin.implementation;
}

function shuffled(list: unknown, random: () => number): unknown[] {
  const result: unknown[] = Array.isArray(list) ? [...(list as unknown[])] : [list];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [result[last], result[other]] = [result[other], result[last]];
  }
  return result;
}

/** Mulberry32 over an FNV-1a hash: good enough for dice, and the same everywhere. */
function seededRandom(seed: string): () => number {
  let state = 0x811c9dc5;
  for (const character of seed) state = Math.imul(state ^ character.codePointAt(0)!, 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
