import { nextTicks } from './cron.ts';

interface CronField {
  readonly name: string;
  readonly range: string;
}

const FIELDS: readonly CronField[] = [
  { name: 'minute', range: '0 to 59' },
  { name: 'hour', range: '0 to 23' },
  { name: 'day', range: '1 to 31, or L for the last of the month' },
  { name: 'month', range: '1 to 12, or JAN to DEC' },
  { name: 'weekday', range: '0 to 7 (0 and 7 are Sunday), or SUN to SAT' },
];

/** Any leap year will do. */
const SOME_DAY = new Date('2000-01-01T00:00:00Z');

/** What is wrong with a cron expression, in words that follow a colon; undefined when it is right. */
export function checkCron(cron: string): string | undefined {
  const parts = cron.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) {
    return 'write five fields: minute, hour, day, month and weekday, such as 0 9 * * MON-FRI';
  }
  const broken = FIELDS.findIndex((_, index) => !isRight(alone(parts, index)));
  if (broken >= 0) return fieldFault(FIELDS[broken]!, parts[broken]!);
  if (!isRight(cron)) return 'these five fields do not go together';
  if (nextTicks(cron, 'UTC', { after: SOME_DAY, count: 1 }).length > 0) return undefined;
  return 'this time never comes: there is no such day in that month';
}

/** Whether it is the name of a time zone, such as `Europe/Berlin`. A bare offset is none: it knows of no summer time. */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** The expression with every field but one left open. */
function alone(parts: readonly string[], index: number): string {
  return FIELDS.map((_, at) => (at === index ? parts[index] : '*')).join(' ');
}

function isRight(cron: string): boolean {
  try {
    nextTicks(cron, 'UTC', { after: SOME_DAY, count: 0 });
    return true;
  } catch {
    return false;
  }
}

function fieldFault({ name, range }: CronField, written: string): string {
  return `the ${name} cannot be ${JSON.stringify(written)}: write ${range}, a list (1,2), a range (1-5), * or a step (*/5)`;
}
