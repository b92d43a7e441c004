import type { BadgeTone } from '#components/ui/badge.tsx';
import type { FlowSummary } from '#core/api/flows.ts';

type Subscription = NonNullable<FlowSummary['subscription']>;

/** How far an app sends its events to a flow, in a word or two and a sentence. */
export interface SubscriptionWords {
  readonly short: string;
  readonly long: string;
  readonly tone: BadgeTone;
  /** Soon it may be otherwise. */
  readonly isPassing: boolean;
}

export function subscriptionWords({
  status,
  fault,
  app,
}: Pick<Subscription, 'status' | 'fault' | 'app'>): SubscriptionWords {
  const why = fault?.message ?? '';
  switch (status) {
    case 'active': {
      const trouble = why === '' ? '' : ` It could not be renewed so far: ${why}`;
      return {
        short: why === '' ? `${app} is sending` : `${app} is sending, not renewed`,
        long: `${app} sends its events to this flow.${trouble}`,
        tone: why === '' ? 'success' : 'warning',
        isPassing: false,
      };
    }
    case 'registering':
      return {
        short: `Asking ${app}`,
        long: `${app} is being asked to send its events to this flow.`,
        tone: 'info',
        isPassing: true,
      };
    case 'waiting':
      return { short: `Waits for ${app}`, long: why, tone: 'warning', isPassing: false };
    case 'failed':
      return {
        short: `${app} does not send`,
        long: `${app} could not be asked for its events: ${why}`,
        tone: 'danger',
        isPassing: false,
      };
    case 'removing':
      return {
        short: `Stopping ${app}`,
        long: `${app} is being asked to send no more events to this flow.`,
        tone: 'neutral',
        isPassing: true,
      };
  }
}
