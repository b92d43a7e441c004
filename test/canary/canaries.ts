import { randomBytes } from 'node:crypto';

/** A secret that must be found nowhere. */
export interface Canary {
  /** `bearer_token.token`, and for what. */
  readonly name: string;
  readonly value: string;
}

/** Something that was looked through. */
export interface Haystack {
  readonly name: string;
  readonly bytes: Buffer;
}

export interface Hit {
  readonly canary: string;
  readonly form: string;
  readonly where: string;
  /** What stands around it. */
  readonly around: string;
}

/** Characters that every encoding writes differently. */
const TELLING = `/+"&=%<>\\'~(!)*`;

/** Makes secrets, and remembers them. */
export class Canaries {
  readonly #made: Canary[] = [];

  /** Printable ASCII without spaces, as tokens are. */
  make(name: string): string {
    return this.add(name, `Cnr${this.#made.length}${TELLING}${randomBytes(9).toString('hex')}`);
  }

  /** With spaces and letters beyond ASCII, as passwords may be. */
  makeText(name: string): string {
    return this.add(name, `Cnr${this.#made.length} ü€${TELLING} ${randomBytes(9).toString('hex')}`);
  }

  /** Letters and digits alone: what a far end makes of it stays one. */
  makePlain(name: string): string {
    return this.add(name, `Cnr${this.#made.length}x${randomBytes(12).toString('hex')}`);
  }

  /** A secret that somebody else made. */
  add(name: string, value: string): string {
    this.#made.push({ name, value });
    return value;
  }

  get all(): readonly Canary[] {
    return this.#made;
  }
}

/**
 * Every place where a secret stands, in any of the forms in which it might. Written without the product's own list of forms, which
 * is what is on trial.
 */
export function findHits(canaries: readonly Canary[], haystacks: readonly Haystack[]): readonly Hit[] {
  const needles = needlesByEnd(canaries);
  return haystacks.flatMap((haystack) => hitsIn(haystack, needles));
}

interface Needle {
  readonly canary: string;
  readonly form: string;
  readonly bytes: Buffer;
}

/** By their last four bytes: what is random stands there, so that nearly every place is passed over at once. */
function needlesByEnd(canaries: readonly Canary[]): ReadonlyMap<number, readonly Needle[]> {
  const needles = new Map<number, Needle[]>();
  for (const { name, value } of canaries)
    for (const [form, text] of Object.entries(formsOf(value))) {
      const bytes = Buffer.from(text);
      const end = bytes.readUInt32BE(bytes.length - 4);
      needles.set(end, [...(needles.get(end) ?? []), { canary: name, form, bytes }]);
    }
  return needles;
}

function hitsIn({ name, bytes }: Haystack, needles: ReadonlyMap<number, readonly Needle[]>): readonly Hit[] {
  const found = new Map<Needle, Hit>();
  let last = 0;
  for (let index = 0; index < bytes.length; index++) {
    last = ((last << 8) | bytes[index]!) >>> 0;
    for (const needle of needles.get(last) ?? []) {
      const at = index + 1 - needle.bytes.length;
      if (at < 0 || found.has(needle) || bytes.compare(needle.bytes, 0, undefined, at, index + 1) !== 0)
        continue;
      const around = bytes.subarray(Math.max(0, at - 80), index + 40).toString();
      found.set(needle, { canary: needle.canary, form: needle.form, where: name, around });
    }
  }
  return [...found.values()];
}

/** The forms of a value, by their names. */
export function formsOf(value: string): Readonly<Record<string, string>> {
  const bytes = Buffer.from(value);
  const json = JSON.stringify(value).slice(1, -1);
  return {
    plain: value,
    ...(value.startsWith('Cnr') && halves(value)),
    hex: bytes.toString('hex'),
    'hex, capitals': bytes.toString('hex').toUpperCase(),
    'URL-encoded': encodeURIComponent(value),
    form: new URLSearchParams({ v: value }).toString().slice(2),
    JSON: json,
    'JSON in JSON': JSON.stringify(json).slice(1, -1),
    base64: bytes.toString('base64').replace(/=+$/, ''),
    base64url: bytes.toString('base64url'),
    ...Object.fromEntries(
      [1, 2].flatMap((shift) => [
        [`base64 after ${shift}`, shifted(bytes, shift, 'base64')],
        [`base64url after ${shift}`, shifted(bytes, shift, 'base64url')],
      ]),
    ),
  };
}

/** Of one that was cut off in its middle. */
function halves(value: string): Record<string, string> {
  const half = value.slice(0, value.length / 2);
  return { 'first half': half, 'first half, JSON': JSON.stringify(half).slice(1, -1) };
}

/** What of a value's base64 stays the same after so many other bytes, whatever follows. */
function shifted(bytes: Buffer, shift: number, encoding: 'base64' | 'base64url'): string {
  const whole = Buffer.concat([Buffer.alloc(shift, 'x'), bytes]);
  const text = whole.subarray(0, whole.length - (whole.length % 3)).toString(encoding);
  return text.slice(4);
}
