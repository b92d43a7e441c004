import { describe, expect, test } from 'vitest';

import { appHookState } from '#components/connections/events/app-hook-state.ts';
import type { AppHook } from '#core/api/app-hooks.ts';

const hook = (rest: Partial<AppHook>): AppHook => ({
  connector: 'slack',
  label: 'Slack',
  url: 'https://patchbay.example.com/hooks/apps/slack/x',
  secret: 'entered',
  isReady: true,
  verificationToken: null,
  setup: [],
  lastDeliveryAt: null,
  updatedAt: null,
  ...rest,
});

describe('how far the events of an app come', () => {
  test.each([
    ['Not set up', hook({ url: null, isReady: false }), true],
    ['Secret missing', hook({ isReady: false }), true],
    ['Waits for its token', hook({ secret: 'handshake', isReady: false }), true],
    ['OAuth app missing', hook({ secret: 'client' }), false],
    ['Nothing yet', hook({ secret: 'client' }), true],
    ['Receiving', hook({ lastDeliveryAt: '2026-01-15T09:30:00.000Z' }), false],
  ])('%s', (word, given, hasClient) => {
    expect(appHookState(given, hasClient).word).toBe(word);
  });
});
