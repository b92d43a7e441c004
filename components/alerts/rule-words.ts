import { ALERT_KINDS } from '#core/alerts/alert-kinds.ts';
import { time } from '#core/alerts/alert-words.ts';
import type { AlertRule, CreateAlertRule, QuietHours } from '#core/api/alerts.ts';

/** What sets a rule off, in a line: `20 % or more, over 15 min, from 10 runs on`. */
export function conditionInWords({
  kind,
  threshold,
  windowSeconds,
  minimumRuns,
}: Pick<AlertRule, 'kind' | 'threshold' | 'windowSeconds' | 'minimumRuns'>): string {
  const { unit, isFalling, hasWindow, needsRuns } = ALERT_KINDS[kind];
  const amount = {
    percent: `${threshold} %`,
    seconds: time(threshold),
    count: threshold === 1 ? 'One' : String(threshold),
    days: `${threshold} ${threshold === 1 ? 'day' : 'days'}`,
    none: '',
  }[unit];
  const level =
    amount === ''
      ? 'As soon as two looks in a row find it'
      : isFalling
        ? `${amount} left, or less`
        : `${amount} or more`;
  return [
    level,
    hasWindow && `over ${time(windowSeconds)}`,
    needsRuns && minimumRuns > 1 && `from ${minimumRuns} runs on`,
  ]
    .filter(Boolean)
    .join(', ');
}

export function quietInWords({ from, to, timezone }: QuietHours): string {
  return `Quiet from ${from} to ${to}, ${timezone}`;
}

/** What most workspaces want to be told of, by the given channels. The kinds' own defaults are the rest. */
export function recommendedRules(channels: readonly string[]): readonly CreateAlertRule[] {
  const told = { channels: [...channels] };
  return [
    { kind: 'worker_gone', isUrgent: true, ...told },
    { kind: 'ledger', isUrgent: true, ...told },
    { kind: 'error_rate', ...told },
    { kind: 'dead_letters', ...told },
    { kind: 'queue_age', ...told },
    { kind: 'missed_schedule', ...told },
    { kind: 'connection', ...told },
  ];
}
