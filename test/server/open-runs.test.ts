import { expect, test } from 'vitest';

import { prisma } from '#server/db/prisma.ts';
import { manualFlow } from '#test/support/sample-flows.ts';
import { makeApiWorkspace, useApi } from '#test/support/use-api.ts';

const api = useApi();

test('runs that have not ended are counted by the version that they finish on, and where they wait', async () => {
  await publish('First');
  const [waiting, alsoWaiting, ended] = [await start(), await start(), await start()];
  await park(waiting, 'approval');
  await park(alsoWaiting, 'approval');
  await prisma().run.update({ where: { id: ended }, data: { status: 'succeeded', finishedAt: new Date() } });
  await publish('Second');
  await start();
  await start('draft');

  const { status, body } = await api.call('GET /flows/counted/open-runs');
  expect(status).toBe(200);
  const none = { queued: 0, running: 0, waiting: 0, inDoubt: 0, waitingAt: [] };
  expect(body.data).toEqual([
    { ...none, version: 2, queued: 1 },
    { ...none, version: 1, waiting: 2, waitingAt: [{ nodeId: 'start', waitingFor: 'approval', runs: 2 }] },
    { ...none, version: null, queued: 1 },
  ]);

  const elsewhere = await makeApiWorkspace();
  expect((await api.call('GET /flows/counted/open-runs', undefined, { key: elsewhere.key })).status).toBe(
    404,
  );
});

async function publish(name: string): Promise<void> {
  await api.call('PUT /flows/counted', { ...manualFlow('counted'), name });
  expect((await api.call('POST /flows/counted/publish')).status).toBe(200);
}

async function start(version: 'latest' | 'draft' = 'latest'): Promise<string> {
  return (await api.call('POST /flows/counted/runs', { version })).body.id;
}

/** As a worker leaves a run whose step waits. */
async function park(id: string, waitingFor: string): Promise<void> {
  await prisma().run.update({
    where: { id },
    data: { status: 'waiting', wakeAt: null, startedAt: new Date() },
  });
  await prisma().step.create({
    data: { runId: id, nodeId: 'start', status: 'waiting', waitingFor, startedAt: new Date() },
  });
}
