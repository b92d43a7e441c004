import { formatByPattern, parseByPattern } from './date-pattern.ts';
import type { Helper } from './helper.ts';
import { quoted, textArgument } from './helper.ts';
import { readInstant } from './instant.ts';
import { instantOf, wallOf } from './zoned-time.ts';

const FIXED_MS: Readonly<Record<string, number>> = {
  millisecond: 1,
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
};
const DAYS: Readonly<Record<string, number>> = { day: 1, week: 7 };
const MONTHS: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 };
const UNITS = [...Object.keys(FIXED_MS), ...Object.keys(DAYS), ...Object.keys(MONTHS)];
const DAY_MS = 86_400_000;
const ISO_PATTERN = "yyyy-MM-dd'T'HH:mm:ss.SSSXXX";

/** Functions over dates: ISO 8601 texts or milliseconds since 1970 go in, ISO 8601 texts in UTC come out. */
export const DATE_FUNCTIONS: Readonly<Record<string, Helper>> = {
  parseDate: (text, pattern, zone) => {
    if (text === undefined) return undefined;
    const name = zoneOf(zone, '$parseDate');
    if (pattern === undefined) return isoText(instantArgument(text, '$parseDate', name));
    const shape = textArgument(pattern, 'The pattern of $parseDate');
    const instant = parseByPattern(textArgument(text, 'The text of $parseDate'), shape, name);
    if (instant === undefined) throw new Error(`${quoted(text)} is not a date written as "${shape}"`);
    return isoText(instant);
  },

  formatDate: (date, pattern, zone) => {
    if (date === undefined) return undefined;
    const name = zoneOf(zone, '$formatDate');
    const shape = pattern === undefined ? ISO_PATTERN : textArgument(pattern, 'The pattern of $formatDate');
    return formatByPattern(instantArgument(date, '$formatDate', 'UTC'), shape, name);
  },

  addTime: (date, amount, unit, zone) => {
    if (date === undefined || amount === undefined) return undefined;
    if (typeof amount !== 'number' || !Number.isInteger(amount))
      throw new Error(`$addTime adds a whole number of units, not ${quoted(amount)}`);
    const at = instantArgument(date, '$addTime', 'UTC');
    return isoText(moved(at, { amount, unit: unitOf(unit, '$addTime'), zone: zoneOf(zone, '$addTime') }));
  },

  diffTime: (from, to, unit, zone) => {
    if (from === undefined || to === undefined) return undefined;
    const start = instantArgument(from, '$diffTime', 'UTC');
    const end = instantArgument(to, '$diffTime', 'UTC');
    return unitsBetween(start, end, { unit: unitOf(unit, '$diffTime'), zone: zoneOf(zone, '$diffTime') });
  },

  startOf: (date, unit, zone) => {
    if (date === undefined) return undefined;
    const name = zoneOf(zone, '$startOf');
    const wall = startOf(wallOf(instantArgument(date, '$startOf', 'UTC'), name), unitOf(unit, '$startOf'));
    return isoText(instantOf(wall, name));
  },
};

interface Step {
  readonly unit: string;
  readonly zone: string;
}

/** Days and longer go by the wall clock of the zone, so that "a day later" is the same time of day. */
function moved(instant: number, { amount, unit, zone }: Step & { readonly amount: number }): number {
  const fixed = FIXED_MS[unit];
  if (fixed !== undefined) return instant + amount * fixed;
  const wall = wallOf(instant, zone);
  const days = DAYS[unit];
  const target = days === undefined ? addMonths(wall, amount * MONTHS[unit]!) : wall + amount * days * DAY_MS;
  return instantOf(target, zone);
}

/** The same day of another month, or its last day where it is shorter. */
function addMonths(wall: number, months: number): number {
  const date = new Date(wall);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return date.setUTCDate(Math.min(day, last));
}

/** Whole units, rounded towards zero. */
function unitsBetween(start: number, end: number, { unit, zone }: Step): number {
  const fixed = FIXED_MS[unit];
  if (fixed !== undefined) return Math.trunc((end - start) / fixed) + 0;
  const [from, to] = [wallOf(start, zone), wallOf(end, zone)];
  const days = DAYS[unit];
  if (days !== undefined) return Math.trunc((to - from) / (days * DAY_MS)) + 0;
  return Math.trunc(monthsBetween(from, to) / MONTHS[unit]!) + 0;
}

function monthsBetween(from: number, to: number): number {
  if (to < from) return -monthsBetween(to, from);
  const [start, end] = [new Date(from), new Date(to)];
  const months =
    (end.getUTCFullYear() - start.getUTCFullYear()) * 12 + end.getUTCMonth() - start.getUTCMonth();
  return addMonths(from, months) > to ? months - 1 : months;
}

/** Weeks start on Monday. */
function startOf(wall: number, unit: string): number {
  const fixed = FIXED_MS[unit];
  if (fixed !== undefined) return Math.floor(wall / fixed) * fixed;
  const date = new Date(Math.floor(wall / DAY_MS) * DAY_MS);
  if (unit === 'week') date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  const months = MONTHS[unit];
  if (months !== undefined) {
    date.setUTCDate(1);
    date.setUTCMonth(Math.floor(date.getUTCMonth() / months) * months);
  }
  return date.getTime();
}

function instantArgument(value: unknown, name: string, zone: string): number {
  const instant = readInstant(value, zone);
  if (instant === undefined)
    throw new Error(
      `${name} takes a date such as "2026-01-15T09:30:00Z" or milliseconds, not ${quoted(value)}`,
    );
  return instant;
}

function unitOf(unit: unknown, name: string): string {
  const text = typeof unit === 'string' ? unit.toLowerCase().replace(/s$/, '') : '';
  if (!UNITS.includes(text))
    throw new Error(`${name} knows the units ${UNITS.join(', ')}, not ${quoted(unit)}`);
  return text;
}

function zoneOf(zone: unknown, name: string): string {
  if (zone === undefined) return 'UTC';
  const text = textArgument(zone, `The time zone of ${name}`);
  wallOf(0, text); // throws for a zone that is not known
  return text;
}

function isoText(instant: number): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) throw new Error('The date is too far away');
  return date.toISOString();
}
