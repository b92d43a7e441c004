import { describe, expect, it } from 'vitest';

import { subscriptionWords } from '#components/flows/subscription-words.ts';

const fault = { kind: 'transient', code: 'http_status', message: 'Acme answered 503.' } as const;

describe('how far an app sends its events', () => {
  it.each([
    ['registering', null, 'info', 'Acme is being asked to send its events to this flow.'],
    ['active', null, 'success', 'Acme sends its events to this flow.'],
    [
      'active',
      fault,
      'warning',
      'Acme sends its events to this flow. It could not be renewed so far: Acme answered 503.',
    ],
    ['waiting', fault, 'warning', 'Acme answered 503.'],
    ['failed', fault, 'danger', 'Acme could not be asked for its events: Acme answered 503.'],
    ['removing', null, 'neutral', 'Acme is being asked to send no more events to this flow.'],
  ] as const)('%s with the fault %j is %s: %s', (status, given, tone, long) => {
    expect(subscriptionWords({ status, fault: given, app: 'Acme' })).toMatchObject({ tone, long });
  });
});
