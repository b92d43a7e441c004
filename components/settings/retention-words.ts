import type { Retention, RetentionPreview } from '#core/api/retention.ts';
import { MIN_AUDIT_DAYS, MIN_QUARANTINE_DAYS } from '#core/api/words.ts';

export type RetentionPart = keyof Retention;

/** What can be kept for a time, with the choices that are offered, in days. */
export const RETENTION_PARTS: readonly {
  readonly part: RetentionPart;
  readonly label: string;
  readonly help: string;
  readonly choices: readonly number[];
}[] = [
  {
    part: 'succeededDays',
    label: 'Runs that succeeded or were cancelled',
    help: 'With their steps, the events that began them, and drafts that were run by hand once no run of them is left.',
    choices: [7, 14, 30, 60, 90, 180, 365, 730],
  },
  {
    part: 'failedDays',
    label: 'Runs that failed',
    help: 'Once somebody redrove or discarded their dead letter. Discarded events of the quarantine go with them. Open dead letters always stay.',
    choices: [7, 14, 30, 60, 90, 180, 365, 730],
  },
  {
    part: 'quarantineDays',
    label: 'Events in quarantine that nobody decided on',
    help: 'They go without ever having run. The audit log says how many, and of which flow.',
    choices: [MIN_QUARANTINE_DAYS, 90, 180, 365, 730, 1_095],
  },
  {
    part: 'auditDays',
    label: 'Audit log',
    help: 'At least a year. That entries were removed stays on record.',
    choices: [MIN_AUDIT_DAYS, 730, 1_095, 1_825, 2_555, 3_650],
  },
];

/** `30 days`, `2 years`. */
export function daysInWords(days: number): string {
  const years = days / 365;
  if (Number.isInteger(years)) return years === 1 ? '1 year' : `${years} years`;
  return days === 1 ? '1 day' : `${days} days`;
}

/** What would go of one part: `About 12,300 runs are older and would go.` Empty where nothing is ever removed. */
export function goingInWords(part: RetentionPart, set: Retention, preview: RetentionPreview): string {
  const days = set[part];
  if (days === null) return '';
  const age = `older than ${daysInWords(days)}`;
  const [count, one, many] = countOf(part, preview);
  const gone =
    count === 0
      ? `No ${many} are ${age}.`
      : `${about(count)} ${count === 1 ? one : many} ${age} will be removed.`;
  return part === 'failedDays' ? [gone, ...besidesFailed(preview)].join(' ') : gone;
}

function besidesFailed({ discardedEvents: events, openDeadLetters: open }: RetentionPreview): string[] {
  const also = `So ${events === 1 ? 'will 1 discarded event' : `will ${about(events).toLowerCase()} discarded events`}.`;
  const stays = open === 1 ? 'is an open dead letter and stays' : 'are open dead letters and stay';
  return [...(events > 0 ? [also] : []), ...(open > 0 ? [`${about(open)} ${stays}.`] : [])];
}

/** That events went which nobody had decided on: `12 events that nobody had decided on were removed so far, the last`. */
export function undecidedInWords(removed: number): string {
  const events = removed === 1 ? '1 event' : `${removed.toLocaleString('en')} events`;
  return `${events} that nobody had decided on ${removed === 1 ? 'was' : 'were'} removed so far, the last`;
}

/** How many things would go in all. */
export function goingCount(preview: RetentionPreview): number {
  const { succeededRuns, failedRuns, undecidedEvents, discardedEvents, auditEntries } = preview;
  return succeededRuns + failedRuns + undecidedEvents + discardedEvents + auditEntries;
}

function countOf(part: RetentionPart, preview: RetentionPreview): [count: number, one: string, many: string] {
  switch (part) {
    case 'succeededDays':
      return [preview.succeededRuns, 'run', 'runs'];
    case 'failedDays':
      return [preview.failedRuns, 'run', 'runs'];
    case 'quarantineDays':
      return [preview.undecidedEvents, 'event', 'events'];
    case 'auditDays':
      return [preview.auditEntries, 'entry', 'entries'];
  }
}

/** Three digits of it: it is a count of a moment ago. */
export function about(count: number): string {
  if (count < 1_000) return count.toLocaleString('en');
  const unit = 10 ** (Math.floor(Math.log10(count)) - 2);
  return `About ${(Math.round(count / unit) * unit).toLocaleString('en')}`;
}
