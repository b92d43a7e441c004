import { instantOf } from './zoned-time.ts';

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?([Zz]|[+-]\d{2}:?\d{2})?)?$/;
/** What JavaScript's dates can hold. */
const MAX_INSTANT = 8_640_000_000_000_000;

/** The parts of a date and time as they are written. */
export interface WrittenTime {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  /** Minutes ahead of UTC; null when the text does not say. */
  readonly offset: number | null;
}

/**
 * Milliseconds since 1970 from such a number or from an ISO 8601 text; undefined for anything else. A text without an
 * offset is read by the clock of `zone`.
 */
export function readInstant(value: unknown, zone = 'UTC'): number | undefined {
  if (typeof value === 'number') return Math.abs(value) <= MAX_INSTANT ? Math.trunc(value) : undefined;
  const match = typeof value === 'string' ? ISO.exec(value.trim()) : null;
  if (match === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0', offset] = match;
  return instantFrom(
    {
      year: Number(year),
      month: Number(month),
      day: Number(day),
      hour: Number(hour),
      minute: Number(minute),
      second: Number(second),
      millisecond: Number(fraction.padEnd(3, '0').slice(0, 3)),
      offset: offset === undefined ? null : readOffset(offset),
    },
    zone,
  );
}

/** The instant of a written time; undefined when there is no such date or time of day. */
export function instantFrom(written: WrittenTime, zone: string): number | undefined {
  const { year, month, day, hour, minute, second, millisecond, offset } = written;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const wall = date.setUTCHours(hour, minute, second, millisecond);
  return offset === null ? instantOf(wall, zone) : wall - offset * 60_000;
}

/** Minutes ahead of UTC from `Z`, `+02:00` or `+0200`. */
export function readOffset(text: string): number {
  if (/^z$/i.test(text)) return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2));
  return text.startsWith('-') ? -minutes : minutes;
}
