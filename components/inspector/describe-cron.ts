const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/**
 * A cron expression of five fields in plain words. It must be one that `checkCron` finds nothing wrong with.
 *
 * @example describeCron('0 9 * * MON-FRI') // 'At 09:00, from Monday to Friday'
 */
export function describeCron(cron: string): string {
  const [minute = '*', hour = '*', day = '*', month = '*', weekday = '*'] = cron.trim().split(/\s+/);
  const words = [timeInWords(minute, hour), daysInWords(day, weekday), monthsInWords(month)];
  const text = words.filter((part) => part !== '').join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function timeInWords(minute: string, hour: string): string {
  const times = timesOfDay(minute, hour);
  if (times) return `at ${listed(times)}`;
  const minutes = minutesInWords(minute);
  if (isAny(hour)) return minutes;
  const every = stepOf(hour);
  if (every !== undefined && hour.startsWith('*/')) return `${minutes} of every ${ordinal(every)} hour`;
  return `${minutes}, in the ${plural('hour', hour)} ${partsInWords(hour, (text) => `${text.padStart(2, '0')}:00`)}`;
}

/** Plain numbers in both fields, as long as they are few. */
function timesOfDay(minute: string, hour: string): readonly string[] | undefined {
  const [minutes, hours] = [minute, hour].map((field) => field.split(','));
  if (!minutes || !hours || ![...minutes, ...hours].every((part) => /^\d+$/.test(part))) return undefined;
  if (minutes.length * hours.length > 6) return undefined;
  return hours.flatMap((h) => minutes.map((m) => `${h.padStart(2, '0')}:${m.padStart(2, '0')}`));
}

function minutesInWords(minute: string): string {
  if (isAny(minute)) return 'every minute';
  const every = stepOf(minute);
  if (every !== undefined && minute.startsWith('*/'))
    return every === 1 ? 'every minute' : `every ${every} minutes`;
  if (minute === '0') return 'every hour, on the hour';
  return `every hour at ${plural('minute', minute)} ${partsInWords(minute, (text) => text)}`;
}

/** Where both fields say something, a day that fits either counts: that is how cron reads them. */
function daysInWords(day: string, weekday: string): string {
  const byDate = isAny(day) ? '' : dateInWords(day);
  const byName = isAny(weekday) ? '' : weekdayInWords(weekday);
  if (byDate !== '' && byName !== '') return `${byDate} and also ${byName}`;
  if (byDate !== '' || byName !== '') return byDate || byName;
  return 'every day';
}

function dateInWords(day: string): string {
  if (/^l$/i.test(day)) return 'on the last day of the month';
  const every = stepOf(day);
  if (every !== undefined && day.startsWith('*/')) return `every ${ordinal(every)} day of the month`;
  return `on ${plural('day', day)} ${partsInWords(day, (text) => text)} of the month`;
}

function weekdayInWords(weekday: string): string {
  const range = /^([^,/-]+)-([^,/-]+)$/.exec(weekday);
  if (range) return `from ${dayName(range[1] ?? '')} to ${dayName(range[2] ?? '')}`;
  return `on ${partsInWords(weekday, dayName)}`;
}

function monthsInWords(month: string): string {
  return isAny(month) ? '' : `in ${partsInWords(month, monthName)}`;
}

function partsInWords(field: string, nameOf: (text: string) => string): string {
  return listed(
    field.split(',').map((part) => {
      const [span = '', step] = part.split('/');
      const [from = '', to] = span.split('-');
      const words = isAny(span)
        ? 'all'
        : to === undefined
          ? nameOf(from)
          : `${nameOf(from)} to ${nameOf(to)}`;
      return step === undefined ? words : `every ${ordinal(Number(step))} of ${words}`;
    }),
  );
}

function isAny(field: string): boolean {
  return field === '*' || field === '?';
}

function stepOf(field: string): number | undefined {
  const step = /^[^,]+\/(\d+)$/.exec(field)?.[1];
  return step === undefined ? undefined : Number(step);
}

function dayName(text: string): string {
  return named(DAYS, text, 0);
}

function monthName(text: string): string {
  return named(MONTHS, text, 1);
}

/** By number or by the first three letters; anything else (`5#2`, `L`) as it is written. */
function named(names: readonly string[], text: string, first: number): string {
  if (/^\d+$/.test(text)) return names[(Number(text) - first) % names.length] ?? text;
  return names.find((name) => name.slice(0, 3).toLowerCase() === text.toLowerCase()) ?? text;
}

function plural(noun: string, field: string): string {
  return /[,/-]/.test(field) ? `${noun}s` : noun;
}

function ordinal(number: number): string {
  const tens = number % 100;
  const suffix = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${suffix}`;
}

function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
