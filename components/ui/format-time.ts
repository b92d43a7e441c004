const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago, or how far ahead, in words: `just now`, `5 min ago`, `in 20 s`; from a week on the date. */
export function formatRelative(atMs: number, nowMs: number): string {
  const distance = Math.abs(nowMs - atMs);
  const isAhead = atMs > nowMs;
  if (distance < 10_000) return isAhead ? 'in a moment' : 'just now';
  if (distance >= 7 * DAY) return formatDate(atMs, nowMs);
  const words = inWords(distance);
  return isAhead ? `in ${words}` : `${words} ago`;
}

/** The exact local time, for tooltips: `27 Jul 2026, 14:03:22.184`. */
export function formatExact(atMs: number): string {
  const date = new Date(atMs);
  const day = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
  const time = date.toLocaleTimeString('en-GB', { hour12: false });
  return `${day}, ${time}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** Local time to the second, with the day unless it is today: `14:03:22`, `26 Jul, 09:10:00`. */
export function formatClock(atMs: number, nowMs: number): string {
  const time = new Date(atMs).toLocaleTimeString('en-GB', { hour12: false });
  return isSameDay(atMs, nowMs) ? time : `${formatDate(atMs, nowMs)}, ${time}`;
}

function formatDate(atMs: number, nowMs: number): string {
  const date = new Date(atMs);
  const isThisYear = date.getFullYear() === new Date(nowMs).getFullYear();
  return date.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    ...(isThisYear ? {} : { year: 'numeric' }),
  });
}

function inWords(distance: number): string {
  if (distance < MINUTE) return `${Math.round(distance / 1_000)} s`;
  if (distance < HOUR) return `${Math.floor(distance / MINUTE)} min`;
  if (distance < DAY) return `${Math.floor(distance / HOUR)} h`;
  const days = Math.floor(distance / DAY);
  return days === 1 ? '1 day' : `${days} days`;
}

function isSameDay(aMs: number, bMs: number): boolean {
  return new Date(aMs).toDateString() === new Date(bMs).toDateString();
}
