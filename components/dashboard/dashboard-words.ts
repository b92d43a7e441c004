import { formatDuration } from '#components/ui/format-duration.ts';
import type { RunStatus } from '#core/api/runs.ts';
import type { Stats } from '#core/api/stats.ts';
import type { StatsRange } from '#core/stats/time-points.ts';

export interface Span {
  readonly from: string;
  readonly to: string;
}

/** Failed among those that succeeded or failed, 0 to 1; null while none did. */
export function errorRate({ succeeded, failed }: Pick<Stats, 'succeeded' | 'failed'>): number | null {
  return succeeded + failed === 0 ? null : failed / (succeeded + failed);
}

/** `1.2 %`, `<0.1 %`; a dash for null. */
export function formatShare(share: number | null): string {
  if (share === null) return '–';
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return '<0.1 %';
  if (percent < 100 && percent > 99.9) return '>99.9 %';
  return `${percent.toFixed(percent % 1 < 0.05 || percent % 1 > 0.95 ? 0 : 1)} %`;
}

export function formatCount(count: number): string {
  return count.toLocaleString('en');
}

export function formatMs(ms: number | null): string {
  return ms === null ? '–' : formatDuration(ms);
}

/** How many runs ended in a minute of a time, on average. */
export function endedPerMinute(
  { succeeded, failed, cancelled }: Stats,
  { from, to }: Span,
  nowMs: number,
): number {
  const minutes = Math.max(1, (Math.min(Date.parse(to), nowMs) - Date.parse(from)) / 60_000);
  return (succeeded + failed + cancelled) / minutes;
}

/** A rate and that of the time before, both in the unit that fits the first: `31 / h`, `0 / h`. */
export function formatRates(perMinute: number, before: number): readonly [string, string] {
  const { name, minutes } = unitFor(perMinute || before);
  const inUnit = (rate: number) => `${trim(rate * minutes)} / ${name}`;
  return [inUnit(perMinute), inUnit(before)];
}

function unitFor(perMinute: number): { readonly name: string; readonly minutes: number } {
  if (perMinute >= 120) return { name: 's', minutes: 1 / 60 };
  return perMinute >= 1 || perMinute === 0 ? { name: 'min', minutes: 1 } : { name: 'h', minutes: 60 };
}

function trim(value: number): string {
  if (value > 0 && value < 0.1) return '<0.1';
  return value >= 10 ? formatCount(Math.round(value)) : value.toFixed(1).replace(/\.0$/, '');
}

/** How a figure changed against the time before: `+12 %`; empty where there is nothing to compare with. */
export function changeInWords(now: number | null, before: number | null): string {
  if (now === null || before === null || before === 0) return '';
  const percent = Math.round((now / before - 1) * 100);
  if (percent === 0) return 'as before';
  return percent > 999 ? 'over 10 times' : `${percent > 0 ? '+' : '−'}${Math.abs(percent)} %`;
}

/** When a part of the time was, in the browser's time zone: `14:00–14:30`, `Mon 3 Nov, 06:00–12:00`, `Mon 3 Nov`. */
export function spanInWords({ from, to }: Span, range: StatsRange): string {
  const start = new Date(from);
  const day = start.toLocaleDateString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });
  if (range === '30d' || range === '90d') return day;
  const clock = (time: Date) => time.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  const times = `${clock(start)}–${clock(new Date(to))}`;
  return range === '1h' ? times : `${day}, ${times}`;
}

/** The list of the runs behind a figure. Outcomes are of runs that ended in the time, whenever they were accepted. */
export function runsHref(
  { from, to }: Span,
  { flow, status }: { flow: string | null; status?: RunStatus | undefined },
  by: 'accepted' | 'ended',
): string {
  const query = new URLSearchParams({ from, to });
  if (by === 'ended') query.set('by', by);
  if (flow !== null) query.set('flow', flow);
  if (status !== undefined) query.set('status', status);
  return `/runs?${query.toString()}`;
}
