import type { Connection } from '#core/api/connections.ts';
import type { FlowSummary } from '#core/api/flows.ts';
import type { RunSummary } from '#core/api/runs.ts';

export interface FirstStep {
  readonly id: 'flow' | 'acme' | 'event' | 'look';
  readonly title: string;
  /** How, in a sentence. */
  readonly says: string;
  readonly isDone: boolean;
  /** Where it is done; null while something else comes first. */
  readonly href: string | null;
  /** What the button says. */
  readonly action: string;
}

export interface FirstStepSources {
  readonly flows: readonly Pick<FlowSummary, 'slug' | 'updatedAt'>[];
  readonly connections: readonly Pick<Connection, 'connector' | 'status'>[];
  /** Whether the sandbox app runs beside Patchbay. */
  readonly isAcmeHere: boolean;
  readonly latestRun: Pick<RunSummary, 'id'> | null;
  /** Whether a run was opened in this browser. */
  readonly hasSeenRun: boolean;
}

/** What somebody new does first, and what of it is done. */
export function firstSteps(sources: FirstStepSources): readonly FirstStep[] {
  const { flows, connections, isAcmeHere, latestRun, hasSeenRun } = sources;
  const [flow] = flows;
  const steps: readonly FirstStep[] = [
    {
      id: 'flow',
      title: 'Make a flow from a template',
      says: 'Many work at once, and each brings a sample payload.',
      isDone: flow !== undefined,
      href: '/templates',
      action: 'Templates',
    },
    {
      id: 'acme',
      title: 'Connect Acme, the sandbox app',
      says: 'A small CRM that comes with Patchbay: consent, events and all, without an account anywhere.',
      isDone: connections.some(({ connector, status }) => connector === 'acme' && status === 'ok'),
      href: '/connections?new=acme',
      action: 'Connect',
    },
    {
      id: 'event',
      title: 'Send it an event',
      says: 'Try the draft with its sample payload, or publish it and call its URL.',
      isDone: latestRun !== null,
      href: flow === undefined ? null : `/flows/${flow.slug}`,
      action: 'Open the flow',
    },
    {
      id: 'look',
      title: 'Look at the run',
      says: 'What came in, what went out and how long each step took.',
      isDone: latestRun !== null && hasSeenRun,
      href: latestRun === null ? null : `/runs/${latestRun.id}`,
      action: 'Open the run',
    },
  ];
  return steps.filter(({ id }) => id !== 'acme' || isAcmeHere);
}
