import { instantFrom, readOffset } from './instant.ts';
import { wallOf } from './zoned-time.ts';

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const PART = /'((?:[^']|'')*)'|yyyy|yy|MMMM|MMM|MM|M|dd|d|EEEE|EEE|HH|H|hh|h|mm|m|ss|s|SSS|a|XXX|xx|[\s\S]/g;
const MAX_PATTERN = 200;

type Part = { readonly token: string } | { readonly text: string };

/**
 * An instant as text, by the wall clock of a zone. Letters of a pattern: `yyyy yy MMMM MMM MM M dd d EEEE EEE HH H hh h
 * mm m ss s SSS a XXX xx`; text between single quotes stands as it is. Names are English.
 */
export function formatByPattern(instant: number, pattern: string, zone: string): string {
  const wall = wallOf(instant, zone);
  const at = { date: new Date(wall), offset: Math.round((wall - instant) / 60_000) };
  return partsOf(pattern)
    .map((part) => ('text' in part ? part.text : (WRITERS[part.token] ?? unknownToken(part.token))(at)))
    .join('');
}

/** The instant that a text shows by a pattern; undefined when the text does not fit. Without an offset, by the zone's clock. */
export function parseByPattern(text: string, pattern: string, zone: string): number | undefined {
  const found: Record<string, number> = {};
  let rest = text.trim();
  for (const part of partsOf(pattern.trim())) {
    const taken = 'text' in part ? takeText(rest, part.text) : takeToken(rest, part.token, found);
    if (taken === undefined) return undefined;
    rest = rest.slice(taken);
  }
  if (rest !== '') return undefined;
  const { year = 1970, month = 1, day = 1, minute = 0, second = 0, millisecond = 0, offset } = found;
  const hour = hourOf(found);
  if (hour === undefined) return undefined;
  const written = { year, month, day, hour, minute, second, millisecond, offset: offset ?? null };
  return instantFrom(written, zone);
}

function partsOf(pattern: string): readonly Part[] {
  if (pattern.length > MAX_PATTERN) throw new Error(`A date pattern has up to ${MAX_PATTERN} characters`);
  return Array.from(pattern.matchAll(PART), ([part, quoted]) => {
    if (quoted !== undefined) return { text: quoted === '' ? "'" : quoted.replaceAll("''", "'") };
    return /^[A-Za-z]/.test(part) ? { token: part } : { text: part };
  });
}

interface Moment {
  /** The wall clock in the UTC fields of a Date. */
  readonly date: Date;
  readonly offset: number;
}

const WRITERS: Readonly<Record<string, (at: Moment) => string>> = {
  yyyy: ({ date }) => digits(date.getUTCFullYear(), 4),
  yy: ({ date }) => digits(date.getUTCFullYear() % 100, 2),
  MMMM: ({ date }) => MONTHS[date.getUTCMonth()]!,
  MMM: ({ date }) => MONTHS[date.getUTCMonth()]!.slice(0, 3),
  MM: ({ date }) => digits(date.getUTCMonth() + 1, 2),
  M: ({ date }) => String(date.getUTCMonth() + 1),
  dd: ({ date }) => digits(date.getUTCDate(), 2),
  d: ({ date }) => String(date.getUTCDate()),
  EEEE: ({ date }) => DAYS[date.getUTCDay()]!,
  EEE: ({ date }) => DAYS[date.getUTCDay()]!.slice(0, 3),
  HH: ({ date }) => digits(date.getUTCHours(), 2),
  H: ({ date }) => String(date.getUTCHours()),
  hh: ({ date }) => digits(date.getUTCHours() % 12 || 12, 2),
  h: ({ date }) => String(date.getUTCHours() % 12 || 12),
  mm: ({ date }) => digits(date.getUTCMinutes(), 2),
  m: ({ date }) => String(date.getUTCMinutes()),
  ss: ({ date }) => digits(date.getUTCSeconds(), 2),
  s: ({ date }) => String(date.getUTCSeconds()),
  SSS: ({ date }) => digits(date.getUTCMilliseconds(), 3),
  a: ({ date }) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  XXX: ({ offset }) => (offset === 0 ? 'Z' : offsetText(offset, ':')),
  xx: ({ offset }) => offsetText(offset, ''),
};

/** What a token reads: a pattern at the start of the rest, and the fields that it sets. */
const READERS: Readonly<
  Record<string, readonly [RegExp, (text: string) => Readonly<Record<string, number>>]>
> = {
  yyyy: [/^\d{4}/, (text) => ({ year: Number(text) })],
  yy: [/^\d{2}/, (text) => ({ year: 2000 + Number(text) })],
  MMMM: [/^[A-Za-z]{3,9}/, (text) => ({ month: placeOf(text, MONTHS) })],
  MMM: [/^[A-Za-z]{3}/, (text) => ({ month: placeOf(text, MONTHS) })],
  MM: [/^\d{2}/, (text) => ({ month: Number(text) })],
  M: [/^\d{1,2}/, (text) => ({ month: Number(text) })],
  dd: [/^\d{2}/, (text) => ({ day: Number(text) })],
  d: [/^\d{1,2}/, (text) => ({ day: Number(text) })],
  EEEE: [/^[A-Za-z]{6,9}/, () => ({})],
  EEE: [/^[A-Za-z]{3}/, () => ({})],
  HH: [/^\d{2}/, (text) => ({ hour: Number(text) })],
  H: [/^\d{1,2}/, (text) => ({ hour: Number(text) })],
  hh: [/^\d{2}/, (text) => ({ hour12: Number(text) })],
  h: [/^\d{1,2}/, (text) => ({ hour12: Number(text) })],
  mm: [/^\d{2}/, (text) => ({ minute: Number(text) })],
  m: [/^\d{1,2}/, (text) => ({ minute: Number(text) })],
  ss: [/^\d{2}/, (text) => ({ second: Number(text) })],
  s: [/^\d{1,2}/, (text) => ({ second: Number(text) })],
  SSS: [/^\d{3}/, (text) => ({ millisecond: Number(text) })],
  a: [/^[AaPp]\.?[Mm]\.?/, (text) => ({ isAfternoon: /^p/i.test(text) ? 1 : 0 })],
  XXX: [/^(?:[Zz]|[+-]\d{2}:\d{2})/, (text) => ({ offset: readOffset(text) })],
  xx: [/^[+-]\d{4}/, (text) => ({ offset: readOffset(text) })],
};

function takeText(rest: string, text: string): number | undefined {
  return rest.startsWith(text) ? text.length : undefined;
}

function takeToken(rest: string, token: string, found: Record<string, number>): number | undefined {
  const [shape, read] = READERS[token] ?? unknownToken(token);
  const text = shape.exec(rest)?.[0];
  if (text === undefined) return undefined;
  Object.assign(found, read(text));
  return text.length;
}

function hourOf({ hour, hour12, isAfternoon }: Readonly<Record<string, number>>): number | undefined {
  if (hour12 === undefined) return hour ?? 0;
  if (hour12 < 1 || hour12 > 12) return undefined;
  return (hour12 % 12) + (isAfternoon === 1 ? 12 : 0);
}

/** From 1; 0, which no date has, for a name that there is not. */
function placeOf(text: string, names: readonly string[]): number {
  const wanted = text.toLowerCase();
  return (
    names.findIndex((name) => [name, name.slice(0, 3)].some((form) => form.toLowerCase() === wanted)) + 1
  );
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function offsetText(offset: number, separator: string): string {
  const minutes = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${digits(Math.floor(minutes / 60), 2)}${separator}${digits(minutes % 60, 2)}`;
}

function unknownToken(token: string): never {
  throw new Error(`"${token}" means nothing in a date pattern. Put plain text between single quotes`);
}
