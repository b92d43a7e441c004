/** A length of time for people: `<1 ms`, `12 ms`, `1.24 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`. Times are kept to the millisecond, so 0 is `<1 ms` too. */
export function formatDuration(ms: number): string {
  if (ms < 1) return '<1 ms';
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${trimmed(ms / 1_000, ms < 9_995 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return pair(seconds, { unit: 60, names: ['min', 's'] });
  const minutes = Math.round(seconds / 60);
  if (minutes < 1_440) return pair(minutes, { unit: 60, names: ['h', 'min'] });
  return pair(Math.round(minutes / 60), { unit: 24, names: ['d', 'h'] });
}

/** The time between two ISO timestamps in milliseconds; `to` null means now. */
export function msBetween(from: string, to: string | null, nowMs: number): number {
  return Math.max(0, (to === null ? nowMs : Date.parse(to)) - Date.parse(from));
}

function trimmed(value: number, digits: number): string {
  return value.toFixed(digits).replace(/\.?0+$/, '');
}

function pair(total: number, { unit, names }: { unit: number; names: readonly [string, string] }): string {
  const rest = total % unit;
  const whole = `${Math.floor(total / unit)} ${names[0]}`;
  return rest === 0 ? whole : `${whole} ${rest} ${names[1]}`;
}
