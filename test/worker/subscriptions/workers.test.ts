import { beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { findFlow } from '#server/flows/find-flow.ts';
import { prisma } from '#server/db/prisma.ts';
import { inTransaction } from '#server/db/transaction.ts';
import { moveSubscription } from '#server/triggers/move-subscription.ts';
import { appFlow } from '#test/support/trigger-flows.ts';
import { storeAccount } from '#test/support/triggers/store-account.ts';
import { useWebhookProvider } from '#test/support/triggers/webhook-provider.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { useWorkers, type WorkerProcess } from '#test/worker/worker-fixture.ts';

const provider = useWebhookProvider();
const fixture = useWorkers();

beforeAll(async () => {
  await storeAccount(fixture.workspaceId, { slug: 'crm' });
});
beforeEach(async () => {
  provider.reset();
  await prisma().subscription.deleteMany();
});

const startWorker = () => fixture.startWorker({ PATCHBAY_SANDBOX_URL: provider.url });

async function stop(worker: WorkerProcess): Promise<void> {
  worker.signal('SIGTERM');
  expect(await worker.ended).toBe(0);
}

/** What publishing does about the trigger. */
async function want(slug: string): Promise<void> {
  const { workspaceId } = fixture;
  const document = appFlow(slug, { type: 'acme.contact_created', connection: 'crm' });
  await fixture.db.query(
    'insert into flow (id, workspace_id, slug, name, draft) values (gen_random_uuid(), $1, $2, $2, $3) on conflict do nothing',
    [workspaceId, slug, document],
  );
  await inTransaction(async (tx) =>
    moveSubscription(tx, await findFlow(tx, workspaceId, slug), document.nodes[0]),
  );
}

const stored = () => prisma().subscription.findMany();

const registered = (count: number) =>
  waitFor(`${count} registered subscriptions`, async () => {
    const rows = await stored();
    return rows.filter(({ remoteId }) => remoteId !== null).length === count && rows;
  });

describe('workers', () => {
  test('one of two registers a subscription, however long the provider takes', async () => {
    // Long enough for both workers to look a few times meanwhile.
    provider.onCreated = () => new Promise((done) => setTimeout(done, 3_000));
    const workers = await Promise.all([startWorker(), startWorker()]);
    for (const slug of ['a', 'b', 'c', 'd', 'e', 'f']) await want(slug);
    const rows = await registered(6);
    expect(provider.countOf('POST /webhooks')).toBe(6);
    expect([...provider.webhooks.values()].map(({ url }) => url).sort()).toEqual(
      rows.map(({ callbackUrl }) => callbackUrl).sort(),
    );
    await Promise.all(workers.map(stop));
  });

  test('one that is killed between what the provider did and our note of it leaves exactly one behind', async () => {
    const first = await startWorker();
    provider.onCreated = () => {
      first.child.kill('SIGKILL');
      return new Promise(() => undefined);
    };
    await want('killed');
    await waitFor('the worker to die', () => first.child.signalCode === 'SIGKILL');
    expect(provider.webhooks.size).toBe(1);
    const [left] = provider.webhooks.keys();
    provider.onCreated = () => undefined;
    // As if the time that the dead one had was over.
    await fixture.db.query('update subscription set leased_until = now()');
    const second = await startWorker();
    const [row] = await registered(1);
    expect([...provider.webhooks.keys()]).toEqual([row!.remoteId]);
    expect(row!.remoteId).not.toBe(left);
    await stop(second);
  });

  test('one that starts finds out what the provider has forgotten', async () => {
    const first = await startWorker();
    await want('forgotten');
    const [before] = await registered(1);
    await stop(first);
    provider.webhooks.clear();
    await fixture.db.query(`update subscription set checked_at = now() - interval '5 minutes'`);
    const second = await startWorker();
    const [row] = await waitFor('another registration', async () => {
      const rows = await stored();
      return rows[0]?.remoteId !== before!.remoteId && rows[0]?.remoteId !== null && rows;
    });
    expect([...provider.webhooks.keys()]).toEqual([row!.remoteId]);
    await stop(second);
  });
});
