import { afterAll, beforeAll } from 'vitest';

import { flushNotices } from '#server/live/outbox.ts';
import { stopListening } from '#server/live/hub.ts';
import { stopQueue } from '#server/queue/boss.ts';
import { callApi, type ApiCall, type ApiReply } from '#test/support/call-api.ts';
import { makeApiKey, makeWorkspace } from '#test/support/people.ts';
import { useAppDatabase } from '#test/support/use-app-database.ts';

export interface Api {
  readonly workspaceId: string;
  /** An owner's key. */
  readonly key: string;
  /** Calls as the owner of the workspace: `api.call('GET /flows')`. */
  call(call: string, body?: unknown, options?: ApiCall): Promise<ApiReply>;
}

/** Gives this test file a database and a workspace whose owner calls the API. Call it at the top level. */
export function useApi(): Api {
  const api = {
    workspaceId: '',
    key: '',
    call: (call: string, body?: unknown, options: ApiCall = {}) =>
      callApi(call, { key: api.key, body, ...options }),
  };
  useAppDatabase();
  beforeAll(async () => Object.assign(api, await makeApiWorkspace()));
  // Runs before the database's own clean-up: the last registered goes first.
  afterAll(async () => {
    await flushNotices();
    await stopListening();
    await stopQueue();
  });
  return api;
}

/** Another workspace with an owner's key. */
export async function makeApiWorkspace(): Promise<{ workspaceId: string; key: string }> {
  const workspaceId = await makeWorkspace();
  return { workspaceId, key: await makeApiKey(workspaceId, 'owner') };
}
