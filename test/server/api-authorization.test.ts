import { randomUUID } from 'node:crypto';

import { beforeAll, describe, expect, test } from 'vitest';

import { roleSchema, type Role } from '#core/api/common.ts';
import type { Route } from '#server/api/route.ts';
import { ROUTES } from '#server/api/routes.ts';
import { callApi, type ApiCall } from '#test/support/call-api.ts';
import { makeApiKey, makeSession, makeUser, makeWorkspace } from '#test/support/people.ts';
import { useAppDatabase } from '#test/support/use-app-database.ts';

useAppDatabase();

/** The lowest role that may call each route, by its id. A new route must be entered here, or the test fails. */
const LOWEST_ROLE: Readonly<Record<string, Role>> = {
  listFlows: 'viewer',
  readFlow: 'viewer',
  readFlowSummary: 'viewer',
  readFlowStats: 'viewer',
  findFields: 'viewer',
  listFlowVersions: 'viewer',
  readFlowVersion: 'viewer',
  readOpenRuns: 'viewer',
  streamFlow: 'viewer',
  tellPresence: 'viewer',
  createFlow: 'editor',
  putFlow: 'editor',
  deleteFlow: 'editor',
  publishFlow: 'editor',
  unpublishFlow: 'editor',
  rollbackFlow: 'editor',
  startRun: 'operator',
  listFlowTests: 'viewer',
  createFlowTest: 'editor',
  updateFlowTest: 'editor',
  deleteFlowTest: 'editor',
  runFlowTests: 'operator',
  readFlowTestRun: 'viewer',
  startCapture: 'operator',
  readCapture: 'operator',
  endCapture: 'operator',
  listRuns: 'viewer',
  streamRuns: 'viewer',
  readRun: 'viewer',
  streamRun: 'viewer',
  compareRuns: 'viewer',
  readRunPart: 'viewer',
  cancelRun: 'operator',
  replayRun: 'operator',
  resumeRun: 'operator',
  resolveStep: 'operator',
  retryStepsNow: 'operator',
  readLoops: 'viewer',
  listIterations: 'viewer',
  readIteration: 'viewer',
  listDeadLetters: 'viewer',
  readLedger: 'viewer',
  listDrift: 'viewer',
  acceptDrift: 'editor',
  listQuarantined: 'viewer',
  replayQuarantined: 'operator',
  discardQuarantined: 'operator',
  readDashboard: 'viewer',
  groupDeadLetters: 'viewer',
  redriveDeadLetters: 'operator',
  discardDeadLetter: 'operator',
  createBulkAction: 'operator',
  listBulkActions: 'viewer',
  readBulkAction: 'viewer',
  updateBulkAction: 'operator',
  listBulkItems: 'viewer',
  pauseBulkAction: 'operator',
  continueBulkAction: 'operator',
  cancelBulkAction: 'operator',
  listApprovals: 'viewer',
  readApproval: 'viewer',
  // Whether one is asked is looked up for each.
  decideApproval: 'viewer',
  listConnectors: 'viewer',
  readConnector: 'viewer',
  loadOptions: 'editor',
  listBreakers: 'viewer',
  closeBreaker: 'operator',
  listConnections: 'viewer',
  readConnection: 'viewer',
  // One of one's own; the workspace's are looked up for each.
  createConnection: 'editor',
  updateConnection: 'editor',
  deleteConnection: 'editor',
  authorizeConnection: 'editor',
  testConnection: 'editor',
  disconnectConnection: 'editor',
  listConnectLinks: 'editor',
  createConnectLink: 'editor',
  cancelConnectLink: 'editor',
  listConnectionsAtRisk: 'viewer',
  listOAuthApps: 'admin',
  putOAuthApp: 'admin',
  listAppHooks: 'admin',
  putAppHook: 'admin',
  deleteAppHook: 'admin',
  deleteOAuthApp: 'admin',
  listAlerts: 'viewer',
  listAlertRules: 'viewer',
  createAlertRule: 'admin',
  updateAlertRule: 'admin',
  deleteAlertRule: 'admin',
  listAlertChannels: 'viewer',
  createAlertChannel: 'admin',
  updateAlertChannel: 'admin',
  deleteAlertChannel: 'admin',
  testAlertChannel: 'admin',
  listApiKeys: 'admin',
  createApiKey: 'admin',
  revokeApiKey: 'admin',
  listAudit: 'admin',
  exportAudit: 'admin',
  verifyAudit: 'admin',
  readRetention: 'admin',
  putRetention: 'admin',
  previewRetention: 'admin',
  readSystem: 'owner',
  readMe: 'viewer',
  updateMe: 'viewer',
  changePassword: 'viewer',
  listSessions: 'viewer',
  revokeSession: 'viewer',
};

/** A body that each route with one and a parameter takes, so that a request to another workspace gets to the look-up. */
const BODIES: Readonly<Record<string, unknown>> = {
  findFields: { paths: ['trigger.body.id'] },
  rollbackFlow: { version: 1 },
  tellPresence: { selected: [] },
  updateConnection: { name: 'taken over' },
  createConnectLink: { purpose: 'taken over' },
  putOAuthApp: { clientId: 'taken', clientSecret: 'over' },
  putAppHook: { secret: 'taken over' },
  startRun: { input: {} },
  createFlowTest: { name: 'taken over' },
  updateFlowTest: { name: 'taken over' },
  runFlowTests: {},
  startCapture: {},
  discardDeadLetter: { reason: 'taken over' },
  updateBulkAction: { ratePerSecond: 1 },
  decideApproval: { decision: 'approved' },
  updateAlertRule: { threshold: 1 },
  updateAlertChannel: { name: 'taken over' },
  resolveStep: { nodeId: 'start', as: 'done' },
};

/** What a route cannot do without in its address. */
const QUERIES: Readonly<Record<string, string>> = {
  loadOptions: '?connection=foreign',
  readRunPart: '?of=output',
};

const UNTOUCHED: ReadonlySet<string> = new Set([
  // Creates a flow of that slug in the caller's own workspace.
  'putFlow',
  // The catalogue is the same everywhere.
  'readConnector',
]);

const FLOW = {
  format: 1,
  name: 'Secret flow',
  slug: 'foreign',
  nodes: [{ id: 'start', type: 'core.manual', version: 1 }],
  edges: [],
};

const callOf = (route: Route, values: Readonly<Record<string, string>>) =>
  `${route.method} ${route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? 'x'))}`;

/** The product's routes, each answering 299 once the router lets a request through to its handler. */
const probes = ROUTES.map((route) => ({
  ...route,
  params: undefined,
  query: undefined,
  body: undefined,
  handle: async () => ({ status: 299 }),
}));

let workspaceId = '';

beforeAll(async () => {
  workspaceId = await makeWorkspace();
});

test('every route has an expectation, and every expectation a route', () => {
  expect(ROUTES.map(({ id }) => id).toSorted()).toEqual(Object.keys(LOWEST_ROLE).toSorted());
});

test('ids and method-path pairs are unique', () => {
  const pairs = ROUTES.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`);
  expect(new Set(pairs).size).toBe(pairs.length);
  expect(new Set(ROUTES.map(({ id }) => id)).size).toBe(ROUTES.length);
});

describe('who may call what', () => {
  const mayCall = (role: Role, route: Route) => {
    const lowest = LOWEST_ROLE[route.id] ?? 'owner';
    return roleSchema.options.indexOf(role) <= roleSchema.options.indexOf(lowest);
  };

  async function expectAll(options: ApiCall, expected: (route: Route) => number): Promise<void> {
    for (const route of probes) {
      const reply = await callApi(callOf(route, {}), { ...options, routes: probes });
      expect(reply.status, route.id).toBe(expected(route));
    }
  }

  test.each(roleSchema.options)('a key of the role %s', async (role) => {
    await expectAll({ key: await makeApiKey(workspaceId, role) }, (route) =>
      mayCall(role, route) ? 299 : 403,
    );
  });

  test.each(roleSchema.options)('a session of the role %s', async (role) => {
    const user = await makeUser(workspaceId, role);
    await expectAll({ cookie: await makeSession(user.id) }, (route) => (mayCall(role, route) ? 299 : 403));
  });

  test('a session from another site may read nothing and change nothing', async () => {
    const user = await makeUser(workspaceId, 'owner');
    await expectAll(
      { cookie: await makeSession(user.id), headers: { origin: 'https://evil.example' } },
      () => 403,
    );
  });

  test('nobody', async () => expectAll({}, () => 401));

  test('an expired key', async () => {
    await expectAll(
      { key: await makeApiKey(workspaceId, 'owner', { expiresAt: new Date(Date.now() - 1_000) }) },
      () => 401,
    );
  });

  test('a revoked key', async () => {
    await expectAll({ key: await makeApiKey(workspaceId, 'owner', { revokedAt: new Date() }) }, () => 401);
  });

  test('a key of nobody', async () => expectAll({ key: `pb_${'x'.repeat(43)}` }, () => 401));
});

describe('the owner of another workspace', () => {
  let mine = '';
  let strangers = '';
  let ids: Record<string, string> = {};

  beforeAll(async () => {
    mine = await makeApiKey(workspaceId, 'owner');
    strangers = await makeApiKey(await makeWorkspace(), 'owner');
    await callApi('POST /flows', { key: mine, body: FLOW });
    await callApi('POST /flows/foreign/publish', { key: mine, body: {} });
    await callApi('POST /connections', {
      key: mine,
      body: { slug: 'foreign', connector: 'bearer_token', fields: { token: 'tok' } },
    });
    const run = await callApi('POST /flows/foreign/runs', { key: mine, body: { input: {} } });
    const bulk = await callApi('POST /bulk-actions', {
      key: mine,
      body: { kind: 'replay', filter: { flow: 'foreign' } },
    });
    await callApi(`POST /bulk-actions/${bulk.body.id}/pause`, { key: mine });
    const apiKey = await callApi('POST /api-keys', { key: mine, body: { name: 'theirs' } });
    const channel = await callApi('POST /alert-channels', {
      key: mine,
      body: { kind: 'email', name: 'theirs', recipients: ['them@example.com'] },
    });
    const rule = await callApi('POST /alert-rules', {
      key: mine,
      body: { kind: 'dead_letters', flow: 'foreign' },
    });
    ids = {
      updateAlertRule: rule.body.id,
      deleteAlertRule: rule.body.id,
      updateAlertChannel: channel.body.id,
      deleteAlertChannel: channel.body.id,
      testAlertChannel: channel.body.id,
      readRun: run.body.id,
      streamRun: run.body.id,
      cancelRun: run.body.id,
      replayRun: run.body.id,
      resumeRun: run.body.id,
      resolveStep: run.body.id,
      retryStepsNow: run.body.id,
      revokeApiKey: apiKey.body.id,
      ...Object.fromEntries(
        ['readBulkAction', 'updateBulkAction', 'listBulkItems', 'pauseBulkAction'].map((id) => [
          id,
          bulk.body.id,
        ]),
      ),
      continueBulkAction: bulk.body.id,
      cancelBulkAction: bulk.body.id,
      loadOptions: 'github',
    };
    expect(Object.values(ids).every(Boolean)).toBe(true);
  });

  const withParameters = ROUTES.filter(({ id, path }) => path.includes('{') && !UNTOUCHED.has(id));
  test.each(withParameters.map((route) => [route.id, route] as const))(
    'finds nothing by %s',
    async (id, route) => {
      const values = {
        slug: 'foreign',
        version: '1',
        runId: ids['readRun']!,
        id: ids[id] ?? randomUUID(),
        loader: 'repositories',
        tab: 'a'.repeat(32),
      };
      const body = BODIES[id];
      // A session belongs to a person: a key is refused before anything is looked up.
      const expected = id === 'revokeSession' ? 403 : 404;
      const reply = await callApi(callOf(route, values) + (QUERIES[id] ?? ''), {
        key: strangers,
        ...(body === undefined ? {} : { body }),
      });
      expect(reply.status).toBe(expected);
      expect(JSON.stringify(reply.body)).not.toContain('Secret flow');
    },
  );

  test('what they tried changed nothing', async () => {
    expect(await callApi('GET /flows/foreign', { key: mine })).toMatchObject({
      status: 200,
      body: { name: 'Secret flow' },
    });
    expect(await callApi('GET /connections/foreign', { key: mine })).toMatchObject({
      status: 200,
      body: { name: 'foreign' },
    });
    expect((await callApi(`GET /runs/${ids['readRun']}`, { key: mine })).body.status).not.toBe('cancelled');
    const bulk = await callApi(`GET /bulk-actions/${ids['readBulkAction']}`, { key: mine });
    expect(bulk.body).toMatchObject({ status: 'paused', ratePerSecond: null });
  });

  const lists = ROUTES.filter(
    ({ id, method, path }) =>
      method === 'GET' && !path.includes('{') && id.startsWith('list') && id !== 'listConnectors',
  );
  test.each(lists.map(({ id, path }) => [id, path] as const))(
    'sees nothing of it in %s',
    async (_id, path) => {
      const reply = await callApi(`GET ${path}`, { key: strangers });
      expect(reply.status).toBe(200);
      expect(JSON.stringify(reply.body)).not.toMatch(/foreign|theirs/);
    },
  );
});
