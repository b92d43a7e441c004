import { afterAll, beforeAll } from 'vitest';

import { stopListening } from '#server/live/hub.ts';
import { flushNotices } from '#server/live/outbox.ts';
import { callApi } from '#test/support/call-api.ts';
import { makeApiKey } from '#test/support/people.ts';
import { PUBLIC_URL } from '#test/support/use-app-database.ts';

import { useWorkers } from './worker-fixture.ts';

/** The API in this process, called as the owner, and a real worker in a process of its own. Call it at the top level. */
export function useApiAndWorker() {
  const fixture = useWorkers();
  const owner = { key: '' };
  beforeAll(async () => {
    process.env['PATCHBAY_URL'] = PUBLIC_URL;
    owner.key = await makeApiKey(fixture.workspaceId, 'owner');
    await fixture.startWorker();
  });
  afterAll(async () => {
    await flushNotices();
    await stopListening();
  });
  const call = (line: string, body?: unknown) => callApi(line, { key: owner.key, body });
  return { fixture, owner, call };
}
