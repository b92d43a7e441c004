import jsonata from 'jsonata';

/** What makes the clock and the dice of an evaluation repeatable. */
export interface Steadiness {
  /** The time that `$now()` and `$millis()` give, ISO 8601. */
  readonly at: string;
  /** The same text gives the same `$random()`, `$shuffle()` and `$uuid()`. */
  readonly seed: string;
}

type FromMillis = (millis: number, picture?: string, timezone?: string) => string;

const VOLATILE = /\$(?:now|millis|random|shuffle|uuid)\b/;

/** True when an expression reads the clock or throws dice, so that evaluating it again could give something else. */
export function isVolatile(source: string): boolean {
  return VOLATILE.test(source);
}

/**
 * JSONata's clock and dice, made the same on every evaluation: a step that is attempted again after a crash must send
 * the same body under the same idempotency key, and take the same branch.
 */
export async function steadyFunctions({ at, seed }: Steadiness): Promise<Record<string, unknown>> {
  fromMillis ??= loadBuiltin<FromMillis>('fromMillis');
  const format = await fromMillis;
  const millis = Date.parse(at);
  const dice = seededRandom(seed);
  return {
    now: (picture?: string, timezone?: string) => format(millis, picture, timezone),
    millis: () => millis,
    random: dice,
    shuffle: (list?: unknown) => (list === undefined ? undefined : shuffled(list, dice)),
    uuid: steadyUuids(seed),
  };
}

/** `$uuid()` where there is no run whose attempts would have to agree (a preview, a webhook's duplicate key). */
export async function unsteadyUuid(): Promise<string> {
  random ??= loadBuiltin<() => number>('random');
  const roll = await random;
  return uuidText([roll(), roll(), roll(), roll()].map((number) => Math.floor(number * 4_294_967_296)));
}

let fromMillis: Promise<FromMillis> | undefined;
let random: Promise<() => number> | undefined;

async function loadBuiltin<F>(name: string): Promise<F> {
  const builtin = (await jsonata(`$${name}`).evaluate(null)) as { implementation: F };
  return builtin.implementation;
}

/** All 128 bits depend on the seed, which names the run, the step and the field; the dice below have 32 bits only. */
function steadyUuids(seed: string): () => string {
  let count = 0;
  return () => uuidText(hash128(`${seed} ${(count += 1)}`));
}

/** Four words of 32 bits in the form of a UUID of version 4. */
function uuidText(words: readonly number[]): string {
  const hex = words.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  const variant = ((Number.parseInt(hex[16]!, 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20),
  ].join('-');
}

/** Four multiplicative hashes that are mixed with each other in the end, after MurmurHash 3. */
function hash128(text: string): readonly number[] {
  let [a, b, c, d] = [0x46c0_a1d3, 0xb1f4_6b21, 0x7a3d_4c59, 0xe019_57ab];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    a = b ^ Math.imul(a ^ code, 597_399_067);
    b = c ^ Math.imul(b ^ code, 2_869_860_233);
    c = d ^ Math.imul(c ^ code, 951_274_213);
    d = a ^ Math.imul(d ^ code, 2_716_044_179);
  }
  a = Math.imul(c ^ (a >>> 18), 597_399_067);
  b = Math.imul(d ^ (b >>> 22), 2_869_860_233);
  c = Math.imul(a ^ (c >>> 17), 951_274_213);
  d = Math.imul(b ^ (d >>> 19), 2_716_044_179);
  const all = a ^ b ^ c ^ d;
  return [all, b ^ all, c ^ all, d ^ all];
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
