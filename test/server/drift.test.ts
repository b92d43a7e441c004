import { expect, it } from 'vitest';

import { LEARN_UNTIL } from '#core/drift/follow-contract.ts';
import type { JsonObject } from '#core/json.ts';
import { pool } from '#server/db/pool.ts';
import { prisma } from '#server/db/prisma.ts';
import { acceptDrift } from '#server/drift/accept-drift.ts';
import { learnFromEvents } from '#server/drift/learn-from-events.ts';
import { listDrift } from '#server/drift/list-drift.ts';
import { publishFlow } from '#server/flows/publish-flow.ts';
import { readLedger } from '#server/ledger/read-ledger.ts';
import { discardQuarantined } from '#server/quarantine/discard-quarantined.ts';
import { listQuarantined } from '#server/quarantine/list-quarantined.ts';
import { replayQuarantined } from '#server/quarantine/replay-quarantined.ts';
import { deliver, eventsOf, makeHook, testActor, type TestHook } from '#test/support/hook-fixture.ts';
import { makeWorkspace } from '#test/support/people.ts';
import { useHooks } from '#test/support/use-hooks.ts';
import { waitFor } from '#test/support/wait-for.ts';

const hooks = useHooks();
/** Events of this very moment are looked at, too. */
const AT_ONCE = -60_000;
const ORDER = { id: 7, customer: { email: 'ada@example.com' }, lines: [{ sku: 'a', count: 1 }] };

async function post(hook: TestHook, body: unknown) {
  return deliver(hooks.server, hook.path, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** Sends usual orders until the contract is settled; each look takes 20 events of a flow at most. */
async function settle(hook: TestHook): Promise<void> {
  for (let sent = 0; sent < LEARN_UNTIL; sent += 10) {
    await Promise.all(Array.from({ length: 10 }, (_, at) => post(hook, { ...ORDER, id: sent + at })));
    await learnFromEvents(AT_ONCE);
  }
  const { rows } = await pool().query<{ settled_at: Date | null }>(
    `SELECT settled_at FROM contract WHERE flow_id = $1`,
    [hook.flowId],
  );
  expect(rows).toEqual([{ settled_at: expect.any(Date) }]);
}

/** A flow whose map reads the customer's address. */
async function makeFlow(config: JsonObject, workspaceId = hooks.workspaceId): Promise<TestHook> {
  const hook = await makeHook({ workspaceId, config });
  const { document } = await prisma().flowVersion.findFirstOrThrow({ where: { flowId: hook.flowId } });
  const flow = document as { nodes: JsonObject[] };
  const output = { to: { $expr: 'trigger.body.customer.email' }, id: { $expr: 'trigger.body.id' } };
  flow.nodes.push({ id: 'mail', type: 'core.map', version: 1, label: 'Mail', config: { output } });
  const edges = [{ from: 'hook', to: 'mail' }];
  await prisma().flowVersion.updateMany({
    where: { flowId: hook.flowId },
    data: { document: { ...flow, edges } as never },
  });
  await prisma().flow.update({
    where: { id: hook.flowId },
    data: { draft: { ...flow, edges, name: 'Orders, published anew' } as never },
  });
  return hook;
}

it('learns, quarantines what departs, names the setting that breaks, accepts, and replays exactly once', async () => {
  const hook = await makeFlow({ onDrift: 'quarantine' }, await makeWorkspace());
  const actor = testActor(hook.workspaceId);
  await settle(hook);
  expect(await listDrift(hook.workspaceId, hook.slug)).toEqual([]);

  const { email: _, ...customer } = { ...ORDER.customer, mail: 'ada@example.com' };
  const changed = { ...ORDER, customer };
  // The hook may be remembered for a second.
  await waitFor('the contract counts', async () => (await post(hook, changed)).json?.['runId'] === null);
  await post(hook, changed);
  await learnFromEvents(AT_ONCE);

  const [gone, added] = await listDrift(hook.workspaceId, undefined);
  expect(gone).toMatchObject({
    flow: hook.slug,
    kind: 'disappeared',
    path: ['customer', 'email'],
    renamedTo: 'mail',
    breaks: [
      { nodeId: 'mail', label: 'Mail', setting: '/config/output/to', reads: 'trigger.body.customer.email' },
    ],
  });
  expect(gone!.seen).toBeGreaterThanOrEqual(2);
  expect(added).toMatchObject({ kind: 'added', path: ['customer', 'mail'], breaks: [] });

  const held = (await listQuarantined(hook.workspaceId, { flow: hook.slug, limit: 50 })).data;
  expect(held.length).toBeGreaterThanOrEqual(2);
  expect(held[0]).toMatchObject({
    canReplay: true,
    reasons: [{ pointer: '/customer/email', message: 'customer.email is missing; mail looks like it' }],
  });

  expect(await acceptDrift(actor, hook.slug)).toBe(2);
  expect(await acceptDrift(actor, hook.slug)).toBe(0);
  expect(await listDrift(hook.workspaceId, undefined)).toEqual([]);
  await waitFor(
    'the new shape is taken',
    async () => typeof (await post(hook, changed)).json?.['runId'] === 'string',
  );
  await learnFromEvents(AT_ONCE);
  expect(await listDrift(hook.workspaceId, undefined)).toEqual([]);

  const waiting = (await listQuarantined(hook.workspaceId, { flow: hook.slug, limit: 50 })).data;
  const [first, ...others] = waiting.map(({ id }) => id);
  const twice = await Promise.all([1, 2, 3].map(() => replayQuarantined(actor, [first!])));
  expect(twice.flatMap(({ runs }) => runs)).toHaveLength(1);
  expect((await eventsOf(hook)).filter(({ id }) => id === first)).toMatchObject([
    { quarantine: null, run_status: 'queued' },
  ]);
  expect(await discardQuarantined(actor, { eventIds: others, reason: 'Sent twice' })).toBe(others.length);
  expect((await replayQuarantined(actor, others)).skipped).toEqual(others);
  expect((await listQuarantined(hook.workspaceId, { flow: hook.slug, limit: 50 })).data).toEqual([]);

  const { workspace, faults } = await readLedger(hook.workspaceId);
  expect({ ...workspace, faults }).toMatchObject({ drift: 0, quarantined: others.length, faults: [] });
});

it('refuses what departs where the trigger says so, and shows it all the same', async () => {
  const hook = await makeFlow({ onDrift: 'reject' });
  await settle(hook);
  const refused = await waitFor('a refusal', async () => {
    const reply = await post(hook, { ...ORDER, id: '7' });
    return reply.status === 422 && reply.text;
  });
  expect(refused).toContain('id is a text instead of a number');
  const change = await waitFor('the note', async () => (await listDrift(hook.workspaceId, hook.slug))[0]);
  expect(change).toMatchObject({
    kind: 'retyped',
    path: ['id'],
    breaks: [{ setting: '/config/output/id' }],
  });
});

it('runs what departs and tells it, unless the trigger says otherwise; a version keeps the contract it was published with', async () => {
  const hook = await makeFlow({});
  await settle(hook);
  expect((await post(hook, { ...ORDER, customer: null })).json?.['runId']).toEqual(expect.any(String));
  await learnFromEvents(AT_ONCE);
  expect(await listDrift(hook.workspaceId, hook.slug)).toMatchObject([
    { kind: 'nulled', path: ['customer'], version: 1 },
  ]);

  await publishFlow(testActor(hook.workspaceId), hook.slug);
  const contracts = await prisma().contract.findMany({
    where: { flowId: hook.flowId, place: '' },
    orderBy: { versionNumber: 'asc' },
  });
  expect(contracts.map(({ versionNumber, departed }) => [versionNumber, departed !== null])).toEqual([
    [1, true],
    [2, false],
  ]);
  expect(contracts[1]).toMatchObject({ shape: contracts[0]!.shape, samples: LEARN_UNTIL });
});

it('leaves what belongs to another workspace alone', async () => {
  const hook = await makeFlow({
    onDrift: 'quarantine',
    schema: { required: ['id'] },
    onSchemaMismatch: 'quarantine',
  });
  await post(hook, {});
  const [event] = (await listQuarantined(hook.workspaceId, { flow: hook.slug, limit: 50 })).data;
  const stranger = testActor(await makeWorkspace());
  expect(await replayQuarantined(stranger, [event!.id])).toEqual({ runs: [], skipped: [event!.id] });
  expect(await discardQuarantined(stranger, { eventIds: [event!.id], reason: 'x' })).toBe(0);
  await expect(acceptDrift(stranger, hook.slug)).rejects.toMatchObject({ status: 404 });
});

it('learns what steps get that call out, not what steps of the flow itself make', async () => {
  const hook = await makeFlow({});
  const { id: versionId, document } = await prisma().flowVersion.findFirstOrThrow({
    where: { flowId: hook.flowId },
  });
  const flow = document as { nodes: JsonObject[] };
  flow.nodes.push({ id: 'ask', type: 'http.request', version: 1, config: {} });
  await prisma().flowVersion.update({ where: { id: versionId }, data: { document: flow as never } });
  const { json } = await post(hook, ORDER);
  const ended = { runId: json?.['runId'] as string, status: 'succeeded' as const };
  const reply = { status: 200, headers: { age: '1' }, body: { name: 'Ada' } };
  await prisma().step.createMany({
    data: [
      { ...ended, nodeId: 'mail', output: { to: 'x' } },
      { ...ended, nodeId: 'ask', output: reply },
    ],
  });
  await learnFromEvents(AT_ONCE);
  const contracts = await prisma().contract.findMany({
    where: { flowId: hook.flowId },
    orderBy: { place: 'asc' },
  });
  expect(contracts.map(({ place }) => place)).toEqual(['', 'ask']);
  expect(Object.keys((contracts[1]!.shape as { fields: object }).fields)).toEqual(['status', 'body']);
});
