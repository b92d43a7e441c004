import { afterAll, beforeAll } from 'vitest';

import { drainIngress } from '#server/ingress/drain-ingress.ts';
import type { HandleHookOptions } from '#server/ingress/handle-hook.ts';
import { stopListening } from '#server/live/hub.ts';
import { flushNotices } from '#server/live/outbox.ts';
import { stopQueue } from '#server/queue/boss.ts';
import { startHookServer, type HookServer } from '#test/support/hook-fixture.ts';
import { makeWorkspace } from '#test/support/people.ts';
import { useAppDatabase } from '#test/support/use-app-database.ts';

export interface Hooks {
  readonly server: HookServer;
  readonly workspaceId: string;
}

/** Gives this test file a database, a workspace and a server for hooks. Call it at the top level. */
export function useHooks(options?: HandleHookOptions): Hooks {
  const hooks = {} as { server: HookServer; workspaceId: string };
  useAppDatabase();
  beforeAll(async () => {
    hooks.workspaceId = await makeWorkspace();
    hooks.server = await startHookServer(options);
  });
  // Runs before the database's own clean-up: the last registered goes first.
  afterAll(async () => {
    await hooks.server.stop();
    await drainIngress();
    await flushNotices();
    await stopListening();
    await stopQueue();
  });
  return hooks;
}
