import type { Alert, AlertKind } from '../api/alerts.ts';

/** What is known of an alert besides its numbers. */
export interface AlertFacts {
  /** Name of the flow or connection; empty for the workspace. */
  readonly name: string;
  /** Slug of the flow. */
  readonly flow: string | null;
  /** Ended runs that the reading comes from. */
  readonly samples: number;
  readonly windowSeconds: number;
  /** What the latest failure, or the connection, says of itself. */
  readonly message: string;
  /** A run that shows it, and the step of it. */
  readonly runId: string | null;
  readonly nodeId: string | null;
}

type Told = Pick<Alert, 'kind' | 'value' | 'threshold'> & { readonly facts: AlertFacts };

/** An alert in words: what is wrong, and what is known of it. */
export function alertWords(alert: Told): { readonly title: string; readonly detail: string } {
  const { title, detail } = WORDS[alert.kind](alert);
  return { title, detail: [detail, alert.facts.message].filter((part) => part !== '').join(' ') };
}

/** Where it is looked into: the failing step, else the page that shows it. Below the public URL. */
export function alertPath({
  kind,
  flow,
  runId,
  nodeId,
}: Pick<Alert, 'kind' | 'flow' | 'runId' | 'nodeId'>): string {
  if (runId !== null) {
    const node = nodeId === null ? '' : `?${new URLSearchParams({ node: nodeId }).toString()}`;
    return `/runs/${runId}${node}`;
  }
  if (kind === 'connection') return '/connections';
  if (kind === 'ledger') return '/ledger';
  if (kind === 'missed_schedule' && flow !== null) return `/flows/${flow}`;
  const query = new URLSearchParams(flow === null ? {} : { flow });
  query.set('status', kind === 'worker_gone' || kind === 'queue_age' ? 'queued' : 'failed');
  return `/runs?${query.toString()}`;
}

const WORDS: Readonly<Record<AlertKind, (alert: Told) => { title: string; detail: string }>> = {
  error_rate: ({ value, facts }) => ({
    title: `${facts.name}: ${round(value)} % of runs fail`,
    detail: `Of ${runs(facts.samples)} that ended in the last ${time(facts.windowSeconds)}.`,
  }),
  p95: ({ value, facts }) => ({
    title: `${facts.name}: runs take long, p95 ${time(value)}`,
    detail: `Of ${runs(facts.samples)} that ended in the last ${time(facts.windowSeconds)}.`,
  }),
  dead_letters: ({ value, facts }) => ({
    title: `${facts.name}: ${count(value, 'dead letter', 'dead letters')}`,
    detail: `In the last ${time(facts.windowSeconds)}, and nobody has dealt with ${value === 1 ? 'it' : 'them'} yet.`,
  }),
  queue_age: ({ value, facts }) => ({
    title: `${facts.name}: due runs wait, the oldest for ${time(value)}`,
    detail: 'Workers are too few, too slow, or gone.',
  }),
  missed_schedule: ({ value, facts }) => ({
    title: `${facts.name}: its schedule is ${time(value)} late`,
    detail:
      'It starts by itself once a worker can; the setting “missed” says what becomes of the times in between.',
  }),
  connection: ({ value, facts }) => ({
    title:
      value <= 0
        ? `The connection ${facts.name} needs somebody`
        : `The connection ${facts.name} ends in ${count(Math.ceil(value), 'day', 'days')}`,
    detail: '',
  }),
  ledger: () => ({
    title: 'The ledger does not add up',
    detail: 'Events may be missing or stuck. The ledger names the flows and runs.',
  }),
  worker_gone: ({ value }) => ({
    title: `No worker is alive, for ${time(value)}`,
    detail: 'Work waits; nothing is lost, and it goes on as soon as a worker runs again.',
  }),
};

function runs(samples: number): string {
  return count(samples, 'run', 'runs');
}

function count(value: number, one: string, many: string): string {
  return `${Math.round(value).toLocaleString('en')} ${value === 1 ? one : many}`;
}

function round(value: number): string {
  return (value < 10 ? Math.round(value * 10) / 10 : Math.round(value)).toLocaleString('en');
}

/** A length of time for people: `800 ms`, `12 s`, `3 min`, `2 h`, `5 days`. */
export function time(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1_000)} ms`;
  if (seconds < 100 && seconds !== 60) return `${round(seconds)} s`;
  if (seconds < 3_570) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
