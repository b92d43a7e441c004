import { randomBytes } from 'node:crypto';

import { expect, it } from 'vitest';

import { readKeyRing } from '#server/vault/key-ring.ts';
import { rotateKeys } from '#server/vault/rotate-keys.ts';
import { makeConnection } from '#test/support/hook-fixture.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { post, readSteps, START, useWorkers, whenRun } from './worker-fixture.ts';

const fixture = useWorkers();

it(
  'a worker that was not told of a new key tries again, and the next one goes on',
  { timeout: 120_000 },
  async () => {
    const connection = await makeConnection(
      fixture.workspaceId,
      { token: 'a-long-enough-token' },
      'bearer_token',
    );
    const flow = await fixture.publish({
      nodes: [START, post('call', `${fixture.sink.url}/call`, { connection })],
      edges: 'start>call',
    });
    const unaware = await fixture.startWorker();
    const keys = {
      PATCHBAY_SECRET_KEY: randomBytes(32).toString('base64'),
      PATCHBAY_SECRET_KEY_PREVIOUS: fixture.secretKey,
    };
    const aware = await fixture.startWorker(keys);
    aware.signal('SIGTERM');
    await aware.ended;
    expect(await rotateKeys(fixture.db, readKeyRing(keys))).toMatchObject({ rewrapped: 1, left: 0 });
    const [run] = (await fixture.start(flow, [{}])) as [string];
    const step = await waitFor('the step to wait', async () => {
      const { call } = await readSteps(fixture, run);
      return call?.status === 'waiting' && call;
    });
    expect(step.error).toMatchObject({ kind: 'transient', code: 'connection_unread' });
    unaware.signal('SIGTERM');
    await unaware.ended;
    await fixture.startWorker(keys);
    expect((await whenRun(fixture, run)).status).toBe('succeeded');
    expect(fixture.sink.at('/call')[0]?.headers['authorization']).toBe('Bearer a-long-enough-token');
  },
);
