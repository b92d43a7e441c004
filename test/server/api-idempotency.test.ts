import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import type { RunStatus, StepStatus } from '#core/api/runs.ts';
import { REPLIES_AGAIN } from '#server/api/reply-again.ts';
import { ROUTES } from '#server/api/routes.ts';
import { underClaim } from '#server/audit/effect-mark.ts';
import { prisma } from '#server/db/prisma.ts';
import { createFlow } from '#server/flows/save-draft.ts';
import type { ApiReply } from '#test/support/call-api.ts';
import { testActor } from '#test/support/hook-fixture.ts';
import { makeSession, makeUser, PASSWORD } from '#test/support/people.ts';
import { manualFlow } from '#test/support/sample-flows.ts';
import { useApi } from '#test/support/use-api.ts';

const api = useApi();

interface Prepared {
  readonly path: string;
  readonly body?: unknown;
  readonly cookie?: string;
}

async function flow(versions = 0): Promise<string> {
  const slug = `f${randomUUID().slice(0, 8)}`;
  for (let version = 0; version < Math.max(1, versions); version += 1) {
    await api.call(`PUT /flows/${slug}`, { ...manualFlow(slug), name: `Version ${version}` });
    if (versions > 0) await api.call(`POST /flows/${slug}/publish`, {});
  }
  return slug;
}

/** A draft that begins with a webhook. */
async function hooked(): Promise<string> {
  const slug = `h${randomUUID().slice(0, 8)}`;
  const hook = { id: 'hook', type: 'core.webhook', version: 1, config: {} };
  await api.call(`PUT /flows/${slug}`, { ...manualFlow(slug), nodes: [hook], edges: [] });
  return slug;
}

/** A flow that got something otherwise than before. */
async function drifted(): Promise<string> {
  const slug = await flow(1);
  const { id: flowId } = await prisma().flow.findFirstOrThrow({ where: { slug } });
  const now = new Date();
  await prisma().drift.create({
    data: {
      ...{ id: randomUUID(), workspaceId: api.workspaceId, flowId, versionNumber: 1, place: '' },
      ...{ kind: 'nulled', path: ['id'], expected: ['number'], found: ['null'], seen: 1 },
      ...{ firstSeenAt: now, lastSeenAt: now },
    },
  });
  return slug;
}

/** An event that was kept without a run. */
async function quarantined(): Promise<string> {
  const slug = await flow(1);
  const { id: flowId } = await prisma().flow.findFirstOrThrow({ where: { slug } });
  const { id } = await prisma().event.create({
    data: {
      ...{ id: randomUUID(), workspaceId: api.workspaceId, flowId, flowSlug: slug, kind: 'webhook' },
      ...{ body: new Uint8Array([123, 125]), contentType: 'application/json', quarantine: [] },
    },
  });
  return id;
}

/** A run, with the step `map`, that stands as if a worker had left it so. */
async function run(status: RunStatus, step: StepStatus): Promise<string> {
  const slug = await flow(1);
  const id = (await api.call(`POST /flows/${slug}/runs`, { input: {} })).body.id as string;
  const isOver = status === 'failed';
  const at = new Date();
  const error = { kind: 'transient', code: 'http_status', message: 'It answered 503', nodeId: 'map' };
  const waits = step === 'waiting' && {
    waitingFor: 'retry',
    nextAttemptAt: new Date(Date.now() + 3_600_000),
  };
  const row = { runId: id, attempts: 1, startedAt: at };
  await prisma().step.create({
    data: { ...row, nodeId: 'start', status: 'succeeded', ports: ['out'], finishedAt: at },
  });
  await prisma().step.create({ data: { ...row, nodeId: 'map', status: step, error, ...waits } });
  await prisma().run.update({
    where: { id },
    data: { status, wakeAt: null, startedAt: at, ...(isOver && { finishedAt: at, error }) },
  });
  const letter = { workspaceId: api.workspaceId, flowSlug: slug, nodeId: 'map', errorKind: 'transient' };
  if (isOver) await prisma().deadLetter.create({ data: { runId: id, ...letter, errorCode: 'http_status' } });
  return id;
}

const failed = () => run('failed', 'failed');
const bulk = async () => {
  await failed();
  return (await api.call('POST /dead-letters/redrive', { filter: {} })).body.id as string;
};

async function approval(): Promise<string> {
  const id = randomUUID();
  const asked = { nodeId: 'ask', flowSlug: 'f', question: '?', approvers: { emails: [], role: 'operator' } };
  const runId = await run('waiting', 'waiting');
  await prisma().approval.create({ data: { id, workspaceId: api.workspaceId, runId, ...asked } });
  return id;
}

/** A connection that is connected by a consent screen, and is not yet. */
async function consented(connector: 'oauth2' | 'github' = 'oauth2'): Promise<string> {
  const slug = `c${randomUUID().slice(0, 8)}`;
  const at = 'https://vend.example';
  const fields = { authorizeUrl: `${at}/auth`, tokenUrl: `${at}/token`, baseUrl: at, clientId: 'id' };
  const body = { slug, connector, ...(connector === 'oauth2' && { fields }) };
  expect((await api.call('POST /connections', body)).status).toBe(201);
  return slug;
}

/** A request that each POST answers with 2xx. A new route must be entered here, or the test fails. */
const REQUESTS: Readonly<Record<string, () => Promise<Prepared>>> = {
  createFlow: async () => ({ path: '/flows', body: manualFlow(`n${randomUUID().slice(0, 8)}`) }),
  publishFlow: async () => ({ path: `/flows/${await flow()}/publish`, body: {} }),
  rollbackFlow: async () => ({ path: `/flows/${await flow(2)}/rollback`, body: { version: 1 } }),
  unpublishFlow: async () => ({ path: `/flows/${await flow(1)}/unpublish` }),
  createFlowTest: async () => ({ path: `/flows/${await flow()}/tests`, body: { name: 'A test' } }),
  startCapture: async () => ({ path: `/flows/${await hooked()}/captures`, body: { seconds: 60 } }),
  startRun: async () => ({ path: `/flows/${await flow(1)}/runs`, body: { input: {} } }),
  cancelRun: async () => ({ path: `/runs/${await run('waiting', 'waiting')}/cancel` }),
  replayRun: async () => ({ path: `/runs/${await failed()}/replay`, body: {} }),
  resumeRun: async () => ({ path: `/runs/${await failed()}/resume`, body: {} }),
  resolveStep: async () => ({
    path: `/runs/${await run('in_doubt', 'in_doubt')}/resolve`,
    body: { nodeId: 'map', as: 'done', output: 1 },
  }),
  retryStepsNow: async () => ({ path: `/runs/${await run('waiting', 'waiting')}/retry`, body: {} }),
  decideApproval: async () => ({
    path: `/approvals/${await approval()}/decide`,
    body: { decision: 'approved' },
  }),
  createConnection: async () => ({
    path: '/connections',
    body: {
      slug: `c${randomUUID().slice(0, 8)}`,
      connector: 'bearer_token',
      fields: { token: 'a-long-enough-token' },
    },
  }),
  authorizeConnection: async () => {
    const user = await makeUser(api.workspaceId, 'owner');
    return { path: `/connections/${await consented()}/authorize`, cookie: await makeSession(user.id) };
  },
  testConnection: async () => ({ path: `/connections/${await consented('github')}/test` }),
  disconnectConnection: async () => ({ path: `/connections/${await consented()}/disconnect` }),
  createConnectLink: async () => ({
    path: `/connections/${await consented()}/links`,
    body: { purpose: 'A test.' },
  }),
  createAlertRule: async () => ({ path: '/alert-rules', body: { kind: 'ledger' } }),
  createAlertChannel: async () => ({
    path: '/alert-channels',
    body: { kind: 'email', name: 'Ops', recipients: ['ops@example.com'] },
  }),
  testAlertChannel: async () => {
    const body = { kind: 'email', name: 'Ops', recipients: ['ops@example.com'] };
    const { id } = (await api.call('POST /alert-channels', body)).body;
    return { path: `/alert-channels/${id as string}/test` };
  },
  createApiKey: async () => ({ path: '/api-keys', body: { name: 'key' } }),
  createBulkAction: async () => {
    await failed();
    return { path: '/bulk-actions', body: { kind: 'discard', filter: {}, reason: 'A test.' } };
  },
  redriveDeadLetters: async () => {
    await failed();
    return { path: '/dead-letters/redrive', body: { filter: {} } };
  },
  discardDeadLetter: async () => ({
    path: `/dead-letters/${await failed()}/discard`,
    body: { reason: 'A test.' },
  }),
  acceptDrift: async () => ({ path: `/flows/${await drifted()}/drift/accept` }),
  replayQuarantined: async () => ({ path: '/quarantine/replay', body: { eventIds: [await quarantined()] } }),
  discardQuarantined: async () => ({
    path: '/quarantine/discard',
    body: { eventIds: [await quarantined()], reason: 'A test.' },
  }),
  closeBreaker: async () => {
    const scope = `host:${randomUUID()}.example:443`;
    const now = new Date();
    await prisma().breaker.create({
      data: {
        id: randomUUID(),
        workspaceId: api.workspaceId,
        scope,
        state: 'open',
        reason: 'failures',
        openedAt: now,
        pausedUntil: new Date(now.getTime() + 3_600_000),
      },
    });
    return { path: '/breakers/close', body: { scope } };
  },
  pauseBulkAction: async () => ({ path: `/bulk-actions/${await bulk()}/pause` }),
  continueBulkAction: async () => {
    const id = await bulk();
    await api.call(`POST /bulk-actions/${id}/pause`);
    return { path: `/bulk-actions/${id}/continue` };
  },
  cancelBulkAction: async () => ({ path: `/bulk-actions/${await bulk()}/cancel` }),
  changePassword: async () => {
    const user = await makeUser(api.workspaceId, 'owner');
    return {
      path: '/me/password',
      body: { currentPassword: PASSWORD, newPassword: `${PASSWORD} two` },
      cookie: await makeSession(user.id),
    };
  },
};

/** They are POSTs for their long questions. Nothing is done that a second time could repeat, so nothing is on record. */
const QUESTIONS: Readonly<Record<string, () => Promise<Prepared>>> = {
  findFields: async () => ({ path: `/flows/${await flow()}/fields`, body: { paths: ['trigger.body.id'] } }),
  runFlowTests: async () => ({ path: `/flows/${await flow()}/tests/run`, body: { wait: 0 } }),
};

const posts = ROUTES.filter(({ method, id }) => method === 'POST' && !(id in QUESTIONS)).map(({ id }) => id);

test('every POST has a request here, and says how its reply is made again', () => {
  expect(Object.keys(REQUESTS).toSorted()).toEqual(posts.toSorted());
  expect(Object.keys(REPLIES_AGAIN).toSorted()).toEqual(posts.toSorted());
});

/** What was done, by whomever. */
const acts = () => prisma().auditEntry.count({ where: { workspaceId: api.workspaceId } });

/** As a server leaves the record that dies between what the request does and its reply. */
async function dieBeforeTheReply(key: string, secondsAgo: number): Promise<void> {
  const { count } = await prisma().idempotencyRecord.updateMany({
    where: { scope: { endsWith: ` ${key}` } },
    data: { status: null, createdAt: new Date(Date.now() - secondsAgo * 1_000) },
  });
  expect(count).toBe(1);
}

test.each(posts)('%s is done once under a key, whatever happens to its server', async (id) => {
  const { path, body, cookie } = await REQUESTS[id]!();
  const key = randomUUID();
  const text = body === undefined ? undefined : JSON.stringify(body);
  const send = (sent: string | undefined = text): Promise<ApiReply> =>
    api.call(`POST ${path}`, sent, {
      headers: { 'idempotency-key': key },
      ...(cookie && { cookie, key: undefined }),
    });
  const before = await acts();
  const first = await send();
  expect(first.status, JSON.stringify(first.body)).toBeLessThan(300);
  const done = await acts();
  expect(done).toBeGreaterThan(before);

  const repeated = await send();
  expect([repeated.status, repeated.body]).toEqual([first.status, first.body]);
  expect(repeated.headers.get('idempotency-replayed')).toBe('true');
  expect((await send(`${text ?? '{}'} `)).status).toBe(422);

  await dieBeforeTheReply(key, 0);
  expect((await send()).status).toBe(409);
  await dieBeforeTheReply(key, 181);
  const after = await send();
  if (REPLIES_AGAIN[id]) {
    expect([after.status, after.body]).toEqual([first.status, first.body]);
    expect(after.headers.get('location')).toBe(first.headers.get('location'));
    expect((await send()).body).toEqual(first.body);
  } else {
    expect(after).toMatchObject({ status: 409, body: { type: '/problems/idempotency_reply_lost' } });
  }
  expect(await acts()).toBe(done);
});

test.each(Object.keys(QUESTIONS))(
  '%s is answered once under a key, and anew where its server died',
  async (id) => {
    const { path, body } = await QUESTIONS[id]!();
    const key = randomUUID();
    const send = () =>
      api.call(`POST ${path}`, JSON.stringify(body), { headers: { 'idempotency-key': key } });
    const before = await acts();
    const first = await send();
    expect(first.status, JSON.stringify(first.body)).toBeLessThan(300);
    const repeated = await send();
    expect([repeated.status, repeated.body]).toEqual([first.status, first.body]);
    await dieBeforeTheReply(key, 0);
    expect((await send()).status).toBe(409);
    await dieBeforeTheReply(key, 181);
    expect((await send()).status).toBe(first.status);
    expect(await acts()).toBe(before);
  },
);

test('what a request does is undone when it took so long that a repeat went first', async () => {
  const claim = { workspaceId: api.workspaceId, scope: 'taken over', claimedAt: '2026-01-01' };
  const late = underClaim(claim, () => createFlow(testActor(api.workspaceId), manualFlow('late')));
  await expect(late).rejects.toMatchObject({ status: 409 });
  expect((await api.call('GET /flows/late')).status).toBe(404);
});
