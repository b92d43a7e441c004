import { Counter } from 'prom-client';

import type { Outcome } from '#server/ingress/accepted-event.ts';
import type { Answer } from '#server/ingress/answer.ts';
import { metricRegistry } from '#server/metrics/registry.ts';

const OUTCOMES = ['accepted', 'quarantined', 'duplicate', 'refused', 'not_stored'] as const;

const events = new Counter({
  name: 'patchbay_hook_events_total',
  help: 'What came of requests to hooks: events accepted, quarantined or known already, requests refused for what they are (refused) or for want of room or database (not_stored).',
  labelNames: ['outcome'],
  registers: [metricRegistry],
});
for (const outcome of OUTCOMES) events.inc({ outcome }, 0);

/** Counts what a request to a hook came to. A handshake brings no event, and counts as nothing. */
export function countAnswer(answer: Answer): void {
  if (answer.kind === 'refuse') {
    const isOurs = answer.refusal.status === 429 || answer.refusal.status >= 500;
    events.inc({ outcome: isOurs ? 'not_stored' : 'refused' });
  } else if (answer.kind === 'stored') countOutcome({ kind: 'stored', ...answer.stored });
  else if (answer.kind === 'delivered') answer.outcomes.forEach(countOutcome);
  else if (answer.kind === 'fanned_out') {
    answer.outcomes.forEach(countOutcome);
    events.inc({ outcome: 'refused' }, answer.refused);
  }
}

function countOutcome(outcome: Outcome): void {
  if (outcome.kind !== 'stored') return;
  if (outcome.isDuplicate) events.inc({ outcome: 'duplicate' });
  else events.inc({ outcome: outcome.runId === null ? 'quarantined' : 'accepted' });
}
