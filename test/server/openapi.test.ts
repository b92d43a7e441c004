import { randomUUID } from 'node:crypto';

import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';
import { openapiDocument } from '#server/api/openapi.ts';
import type { Route } from '#server/api/route.ts';
import { ROUTES } from '#server/api/routes.ts';
import { prisma } from '#server/db/prisma.ts';
import { closeEgress } from '#server/egress/egress-client.ts';
import { callApi, type ApiReply } from '#test/support/call-api.ts';
import { redirectEgress } from '#test/support/far-ends.ts';
import { openapiFaults } from '#test/support/openapi-faults.ts';
import { makeSession, makeUser, PASSWORD } from '#test/support/people.ts';
import { manualFlow, webhookFlow } from '#test/support/sample-flows.ts';
import { startSink, type Sink } from '#test/support/sink.ts';
import { useApi } from '#test/support/use-api.ts';

const api = useApi();
let document: JsonObject;
let sink: Sink;
beforeAll(async () => {
  document = openapiDocument();
  sink = await startSink();
});
afterAll(async () => {
  await closeEgress();
  await sink.stop();
});

/** The part of a document at a path; undefined when there is none. */
function at(tree: Json | undefined, ...path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((part, key) => (part as JsonObject | undefined)?.[key], tree);
}

const entriesAt = (...path: readonly string[]) => Object.entries((at(document, ...path) ?? {}) as JsonObject);

describe('the OpenAPI document', () => {
  test('is served to everyone', async () => {
    const reply = await callApi('GET /openapi.json');
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(reply.body).toEqual(document);
    expect((await callApi('POST /openapi.json')).status).toBe(404);
  });

  test('is valid OpenAPI 3.1', () => {
    expect(openapiFaults(document)).toEqual([]);
  });

  const list = ['paths', '/flows', 'get'];
  const read = ['paths', '/flows/{slug}', 'get', 'parameters'];
  const schemas = ['components', 'schemas'];
  test.each<[string, string[], Json | undefined]>([
    ['another version', ['openapi'], '3.0.3'],
    ['an unknown member of an operation', [...list, 'parameter'], []],
    ['an operation without replies', [...list, 'responses'], undefined],
    ['a reply without a description', [...list, 'responses', '200', 'description'], undefined],
    ['a reference to nothing', [...list, 'responses', '200'], { $ref: '#/components/responses/None' }],
    ['a path parameter that is not declared', read, []],
    ['a path parameter that may be left out', [...read, '0', 'required'], false],
    ['two operations of one name', ['paths', '/flows', 'post', 'operationId'], 'listFlows'],
    ['a schema that is none', [...schemas, 'Slug', 'type'], 'text'],
    ['a tag that is not declared', [...list, 'tags'], ['Nowhere']],
    ['a component that nothing uses', [...schemas, 'Spare'], {}],
    ['a security scheme of an unknown kind', ['components', 'securitySchemes', 'apiKey', 'type'], 'magic'],
  ])('would not be with %s', (_, path, value) => {
    const copy = structuredClone(document);
    const parent = at(copy, ...path.slice(0, -1)) as Record<string, Json>;
    const key = path.at(-1) ?? '';
    if (value === undefined) delete parent[key];
    else parent[key] = value;
    expect(openapiFaults(copy)).not.toEqual([]);
  });

  test('has every route, and nothing else', () => {
    const described = entriesAt('paths').flatMap(([path, item]) =>
      Object.entries(item as JsonObject).map(
        ([method, operation]) => `${method.toUpperCase()} ${path} ${at(operation, 'operationId') as string}`,
      ),
    );
    expect(described.sort()).toEqual(
      ROUTES.map((route) => `${route.method} ${route.path} ${route.id}`).sort(),
    );
  });

  test('documents Idempotency-Key on every POST, and If-Match where it guards', () => {
    const headersOf = (path: string, method: string) =>
      ((at(document, 'paths', path, method, 'parameters') ?? []) as JsonObject[])
        .filter((each) => each['in'] === 'header')
        .map((each) => each['name']);
    for (const [path, item] of entriesAt('paths')) {
      if (at(item, 'post')) expect(headersOf(path, 'post')).toContain('Idempotency-Key');
    }
    expect(headersOf('/flows/{slug}', 'put')).toEqual(['If-Match']);
    expect(headersOf('/flows/{slug}/publish', 'post')).toContain('If-Match');
  });

  test('says what senders may leave out and readers always get', () => {
    const requiredOf = (name: string) => at(document, ...schemas, name, 'required');
    expect(requiredOf('FlowDocumentInput')).toEqual(['format', 'name', 'slug', 'nodes', 'edges']);
    expect(requiredOf('FlowDocument')).toContain('settings');
    expect(requiredOf('StartRunRequest')).toBeUndefined();
  });
});

describe('live calls', () => {
  const called = new Set<string>();
  let matches: (pointer: string, value: unknown) => string[];
  let session: string;
  let runId: string;

  beforeAll(async () => {
    matches = matcherOf(document);
    const user = await makeUser(api.workspaceId, 'owner');
    session = await makeSession(user.id);
  });

  /** Calls a route and holds the reply against its description. */
  async function live(id: string, path: string, body?: unknown, asPerson = false): Promise<ApiReply> {
    const route = ROUTES.find((each) => each.id === id);
    if (!route) throw new Error(`There is no route ${id}.`);
    const caller = asPerson ? { key: undefined, cookie: session } : {};
    const reply = await api.call(`${route.method} ${path}`, body, caller);
    expect(
      replyFaults(route.path, route.method.toLowerCase(), reply),
      `${id} ${path}: ${JSON.stringify(reply.body)}`,
    ).toEqual([]);
    called.add(`${id} ${reply.status}`);
    return reply;
  }

  function replyFaults(path: string, method: string, reply: ApiReply): string[] {
    const own = ['paths', path, method, 'responses', String(reply.status)];
    const shared = at(document, ...own, '$ref');
    const place = typeof shared === 'string' ? shared.slice(2).split('/') : own;
    if (at(document, ...place) === undefined) return [`the status ${reply.status} is not described`];
    const missing = entriesAt(...place, 'headers').filter(([name]) => !reply.headers.has(name));
    const faults = missing.map(([name]) => `the header ${name} is missing`);
    const type = reply.headers.get('content-type')?.split(';')[0];
    if (type === undefined)
      return [...faults, ...(at(document, ...place, 'content') ? ['there is no body'] : [])];
    const content = [...place, 'content', type];
    if (at(document, ...content) === undefined) return [...faults, `the type ${type} is not described`];
    return [...faults, ...matches(pointerTo([...content, 'schema']), reply.body)];
  }

  test('would be caught with a member too many, one too few, or one of another type', () => {
    const pointer = '/components/schemas/FlowVersionList';
    const version = {
      version: 1,
      createdAt: '2026-01-01T00:00:00.000Z',
      createdBy: null,
      note: '',
      published: true,
    };
    const { note: _, ...incomplete } = version;
    expect(matches(pointer, { data: [version], next: null })).toEqual([]);
    for (const wrong of [{ ...version, extra: 1 }, incomplete, { ...version, createdAt: 'today' }]) {
      expect(matches(pointer, { data: [wrong], next: null })).toHaveLength(1);
    }
  });

  test('of the tests of a flow', async () => {
    await live('createFlow', '/flows', manualFlow('doc-tests'));
    const expectations = [{ nodeId: null, path: '/status', op: 'equals', value: 'succeeded' }];
    const made = await live('createFlowTest', '/flows/doc-tests/tests', { name: 'One', expectations });
    await live('createFlowTest', '/flows/doc-tests/tests', { name: 'One', expectations: [{}] });
    await live('createFlowTest', '/flows/none/tests', { name: 'One' });
    await live('updateFlowTest', `/flows/doc-tests/tests/${made.body.id}`, { pins: { map: { output: 1 } } });
    await live('listFlowTests', '/flows/doc-tests/tests');
    const run = await live('runFlowTests', '/flows/doc-tests/tests/run', { wait: 0 });
    await live('runFlowTests', '/flows/doc-tests/tests/run', { version: 'latest' });
    await live('readFlowTestRun', `/flows/doc-tests/tests/runs/${run.body.id}`);
    await live('readFlowTestRun', `/flows/doc-tests/tests/runs/${made.body.id}`);
    await live('deleteFlowTest', `/flows/doc-tests/tests/${made.body.id}`);
    await live('deleteFlowTest', `/flows/doc-tests/tests/${made.body.id}`);
  });

  test('of the capture of events', async () => {
    const hook = { id: 'hook', type: 'core.webhook', version: 1, config: {} };
    await live('createFlow', '/flows', { ...manualFlow('doc-captures'), nodes: [hook], edges: [] });
    const begun = await live('startCapture', '/flows/doc-captures/captures', {});
    await live('startCapture', '/flows/doc/captures', { seconds: 1 });
    await live('readCapture', `/flows/doc-captures/captures/${begun.body.id}`);
    await live('endCapture', `/flows/doc-captures/captures/${begun.body.id}`);
    await live('endCapture', `/flows/doc-captures/captures/${begun.body.id}`);
    await live('readCapture', `/flows/doc-captures/captures/${begun.body.id}`);
  });

  test('of flows, versions and runs', async () => {
    await live('createFlow', '/flows', manualFlow('doc'));
    await live('createFlow', '/flows', manualFlow('doc'));
    await live('createFlow', '/flows', { slug: 'x' });
    await live('putFlow', '/flows/doc', {
      ...manualFlow('doc'),
      name: 'Changed',
      notes: [{ id: 'n1', text: 'x', position: { x: 1, y: 2 } }],
    });
    await live(
      'putFlow',
      '/flows/doc-hook',
      webhookFlow('doc-hook', { position: { x: 0.5, y: -3 }, label: 'In' }),
    );
    await live('putFlow', '/flows/doc', { ...manualFlow('other') });
    await live('readFlow', '/flows/doc');
    await live('readFlow', '/flows/none');
    await live('publishFlow', '/flows/doc/publish', { note: 'first' });
    await live('publishFlow', '/flows/doc-hook/publish');
    await live('publishFlow', '/flows/doc/publish', { unknown: 1 });
    await live('listFlows', '/flows?limit=1');
    await live('readFlowSummary', '/flows/doc-hook/summary');
    await live('listFlowVersions', '/flows/doc/versions');
    await live('readFlowVersion', '/flows/doc/versions/1');
    await live('readOpenRuns', '/flows/doc/open-runs');
    await live('tellPresence', `/flows/doc/presence/${'a'.repeat(32)}`, { selected: ['start'] });
    await live('rollbackFlow', '/flows/doc/rollback', { version: 1 });
    await live('rollbackFlow', '/flows/doc/rollback', { version: 2 });
    runId = (await live('startRun', '/flows/doc/runs', { input: { a: [1, null, 'x'] } })).body.id;
    await live('startRun', '/flows/doc/runs', {
      version: 'draft',
      upTo: 'map',
      pins: { map: { output: 1 } },
    });
    await live('startRun', '/flows/doc/runs', { upTo: 'map' });
    await live('startRun', '/flows/doc-hook/runs', { input: { no: 1 } });
    await live('unpublishFlow', '/flows/doc/unpublish');
    await live('startRun', '/flows/doc/runs');
    await live('startRun', '/flows/doc/runs', { version: 'draft' });
  });

  test('of a run that ended with steps, and of the dead letters', async () => {
    const at = new Date();
    const error = {
      kind: 'transient',
      code: 'http_status',
      message: 'It answered 503',
      detail: { status: 503 },
    };
    await prisma().step.create({
      data: {
        runId,
        nodeId: 'map',
        status: 'failed',
        attempts: 1,
        startedAt: at,
        finishedAt: at,
        input: { a: 1 },
        error,
      },
    });
    await prisma().attempt.create({
      data: { runId, nodeId: 'map', number: 1, startedAt: at, finishedAt: at, error },
    });
    await live('cancelRun', `/runs/${runId}/cancel`);
    const ended = { status: 'failed' as const, wakeAt: null, startedAt: at, finishedAt: at };
    await prisma().run.update({
      where: { id: runId },
      data: { ...ended, error: { ...error, nodeId: 'map' } },
    });
    const row = {
      workspaceId: api.workspaceId,
      flowSlug: 'doc',
      nodeId: 'map',
      errorKind: 'transient',
      errorCode: 'http_status',
    };
    await prisma().deadLetter.create({ data: { runId, ...row } });
    await live('cancelRun', `/runs/${runId}/cancel`);
    await live('readRun', `/runs/${runId}`);
    await live('readRun', '/runs/nothing');
    await live('readRunPart', `/runs/${runId}/part?of=step_input&node=map`);
    await live('readRunPart', `/runs/${runId}/part?of=trigger&pointer=/nowhere`);
    await live('compareRuns', `/runs/${runId}/compare`);
    await live('compareRuns', `/runs/${runId}/compare?with=${runId}`);
    await live('listRuns', '/runs?status=failed,queued');
    await live('listRuns', '/runs?status=odd');
    await live('listDeadLetters', '/dead-letters');
    await live('groupDeadLetters', '/dead-letters/groups?flow=doc');
    await live('redriveDeadLetters', '/dead-letters/redrive', { dryRun: true });
    const { id } = (await live('redriveDeadLetters', '/dead-letters/redrive', { filter: { flow: 'doc' } }))
      .body;
    await live('createBulkAction', '/bulk-actions', {
      kind: 'discard',
      filter: {},
      reason: 'x',
      dryRun: true,
    });
    await live('createBulkAction', '/bulk-actions', { kind: 'replay', filter: { flow: 'doc' } });
    await live('createBulkAction', '/bulk-actions', { kind: 'replay', filter: {} });
    await live('listBulkActions', '/bulk-actions');
    await live('readBulkAction', `/bulk-actions/${id}`);
    await live('listBulkItems', `/bulk-actions/${id}/items`);
    await live('pauseBulkAction', `/bulk-actions/${id}/pause`);
    await live('updateBulkAction', `/bulk-actions/${id}`, { ratePerSecond: 5 });
    await live('continueBulkAction', `/bulk-actions/${id}/continue`);
    await live('cancelBulkAction', `/bulk-actions/${id}/cancel`);
    await live('continueBulkAction', `/bulk-actions/${id}/continue`);
    await live('discardDeadLetter', `/dead-letters/${runId}/discard`, { reason: 'A test.' });
    await live('discardDeadLetter', `/dead-letters/${runId}/discard`, { reason: 'A test.' });
    await live('replayRun', `/runs/${runId}/replay`, { from: 'nothing' });
    await live('replayRun', `/runs/${runId}/replay`, { dryRun: true });
    await live('replayRun', `/runs/${runId}/replay`, { input: { a: 2 } });
    await live('resolveStep', `/runs/${runId}/resolve`, { nodeId: 'map', as: 'done' });
    await live('resumeRun', `/runs/${runId}/resume`, { dryRun: true });
    await live('resumeRun', `/runs/${runId}/resume`, { nodeId: 'map' });
    await live('resumeRun', `/runs/${runId}/resume`);
    await live('resumeRun', `/runs/${runId}/resume`);
    await live('retryStepsNow', `/runs/${runId}/retry`);
    await live('retryStepsNow', `/runs/${runId}/retry`, { nodeId: 'map' });
    await prisma().stepOrder.deleteMany({ where: { runId } });
    await prisma().step.updateMany({ where: { runId, nodeId: 'map' }, data: { status: 'in_doubt' } });
    await live('resolveStep', `/runs/${runId}/resolve`, { nodeId: 'map', as: 'done', output: 1 });
    await prisma().run.update({ where: { id: runId }, data: { status: 'waiting', finishedAt: null } });
    const approval = {
      id: randomUUID(),
      workspaceId: api.workspaceId,
      runId,
      nodeId: 'ask',
      flowSlug: 'doc',
      question: 'Go on?',
      approvers: { emails: [], role: 'operator' },
    };
    await prisma().approval.create({ data: approval });
    await live('listApprovals', '/approvals?status=open');
    await live('readApproval', `/approvals/${approval.id}`);
    await live('decideApproval', `/approvals/${approval.id}/decide`, { decision: 'perhaps' });
    await live('decideApproval', `/approvals/${approval.id}/decide`, {
      decision: 'approved',
      comment: 'Yes.',
    });
    await live('decideApproval', `/approvals/${approval.id}/decide`, { decision: 'rejected' });
    await live('readFlowStats', '/flows/doc/stats');
    await live('findFields', '/flows/doc/fields', { paths: ['trigger.body.id'] });
    await live('findFields', '/flows/doc/fields', { paths: ['1 + 1'] });
    await live('readLedger', '/ledger');
    await live('listDrift', '/drift?flow=doc');
    await live('acceptDrift', '/flows/doc/drift/accept');
    await live('acceptDrift', '/flows/none/drift/accept');
    await live('listQuarantined', '/quarantine');
    const nobody = { eventIds: ['0199c1f0-3b5e-7a5b-9d53-6f2f4f4f0c11'] };
    await live('replayQuarantined', '/quarantine/replay', nobody);
    await live('discardQuarantined', '/quarantine/discard', { ...nobody, reason: 'A test.' });
    await live('readDashboard', '/stats?range=7d&timezone=Europe/Berlin');
    await live('readDashboard', '/stats?flow=doc');
    await live('readDashboard', '/stats?timezone=Nowhere');
    await live('deleteFlow', '/flows/doc');
  });

  test('of a run with a loop', async () => {
    await live('putFlow', '/flows/doc-loop', {
      ...manualFlow('doc-loop'),
      nodes: [
        { id: 'start', type: 'core.manual', version: 1 },
        { id: 'each', type: 'core.each', version: 1, config: { items: [1, 2] } },
        { id: 'map', type: 'core.map', version: 1, config: { output: 1 }, parent: 'each' },
      ],
      edges: [{ from: 'start', to: 'each' }],
    });
    const { body } = await live('startRun', '/flows/doc-loop/runs', { version: 'draft' });
    await live('readLoops', `/runs/${body.id}/loops`);
    await live('listIterations', `/runs/${body.id}/loops/each/iterations`);
    await live('listIterations', `/runs/${body.id}/loops/none/iterations`);
    await live('readIteration', `/runs/${body.id}/loops/each/iterations/0`);
  });

  test('of the catalogue, connections, keys, the audit trail and oneself', async () => {
    await live('listConnectors', '/connectors');
    await live('readConnector', '/connectors/core');
    await live('readConnector', '/connectors/none');
    await live('createConnection', '/connections', {
      slug: 'doc',
      connector: 'bearer_token',
      fields: { token: 'a-long-enough-token' },
    });
    await live('createConnection', '/connections', { slug: 'doc2', connector: 'bearer_token', fields: {} });
    sink.reply('/user/repos', { body: [{ full_name: 'octo/hello', description: null }] });
    redirectEgress(sink.url);
    await live('loadOptions', '/connectors/github/options/repositories?connection=doc');
    await live('loadOptions', '/connectors/github/options/labels?connection=doc');
    await live('loadOptions', '/connectors/github/options/labels?connection=doc&settings=x');
    sink.reply('/user/repos', { status: 500 });
    await live('loadOptions', '/connectors/github/options/repositories?connection=doc');
    await live('listConnections', '/connections');
    await live('readConnection', '/connections/doc');
    await live('updateConnection', '/connections/doc', { name: 'Renamed' });
    await live('updateConnection', '/connections/doc', { budget: { calls: 5, seconds: 1 } });
    await live('listBreakers', '/breakers');
    await live('listConnectionsAtRisk', '/connections/at-risk');
    await live('closeBreaker', '/breakers/close', { scope: 'connection:doc' });
    await live('closeBreaker', '/breakers/close', { scope: 'connection:none' });
    await live('testConnection', '/connections/doc/test', {});
    await live('deleteConnection', '/connections/doc');
    await live('createConnection', '/connections', {
      slug: 'docs',
      connector: 'oauth2',
      owner: 'workspace',
      fields: {
        authorizeUrl: 'https://id.example.com/auth',
        tokenUrl: 'https://id.example.com/token',
        baseUrl: 'https://api.example.com',
        clientId: 'doc',
        scopes: 'read',
      },
    });
    await live('authorizeConnection', '/connections/docs/authorize', {}, true);
    await live('authorizeConnection', '/connections/none/authorize', {}, true);
    await live('disconnectConnection', '/connections/docs/disconnect', {});
    const link = await live('createConnectLink', '/connections/docs/links', { purpose: 'To see it' });
    await live('createConnectLink', '/connections/docs/links', { purpose: '' });
    await live('listConnectLinks', '/connections/docs/links');
    await live('cancelConnectLink', `/connections/docs/links/${link.body.id}`);
    await live('cancelConnectLink', `/connections/docs/links/${link.body.id}`);
    await live('listAppHooks', '/app-hooks');
    await live('putAppHook', '/app-hooks/slack', { secret: 'a signing secret' });
    await live('putAppHook', '/app-hooks/core', {});
    await live('deleteAppHook', '/app-hooks/slack');
    await live('deleteAppHook', '/app-hooks/slack');
    await live('listOAuthApps', '/oauth-apps');
    await live('putOAuthApp', '/oauth-apps/github', { clientId: 'doc', clientSecret: 'secret' });
    await live('putOAuthApp', '/oauth-apps/core', { clientId: 'doc', clientSecret: 'secret' });
    await live('createConnection', '/connections', { slug: 'hub', connector: 'github', owner: 'workspace' });
    await live('testConnection', '/connections/hub/test', {});
    await live('deleteOAuthApp', '/oauth-apps/github');
    await live('deleteOAuthApp', '/oauth-apps/github');
    const { body } = await live('createApiKey', '/api-keys', { name: 'doc' });
    await live('listApiKeys', '/api-keys');
    await live('revokeApiKey', `/api-keys/${body.id}`);
    await live('listAudit', '/audit?limit=5');
    await live('listAudit', '/audit?actor=key&action=flow&q=doc');
    await live('verifyAudit', '/audit/verify');
    await live('putRetention', '/retention', { succeededDays: 30, failedDays: null, auditDays: 365 });
    await live('putRetention', '/retention', { succeededDays: 0, failedDays: null, auditDays: 1 });
    await live('readRetention', '/retention');
    await live('readSystem', '/system');
    await live('previewRetention', '/retention/preview?succeededDays=30');
    await live('verifyAudit', '/audit/verify?anchor=1');
    await live('readMe', '/me');
    await live('readMe', '/me', undefined, true);
    await live('updateMe', '/me', { name: 'Ada' }, true);
    const sessions = (await live('listSessions', '/me/sessions', undefined, true)).body.data;
    await live(
      'changePassword',
      '/me/password',
      { currentPassword: PASSWORD, newPassword: `${PASSWORD} two` },
      true,
    );
    await live('revokeSession', `/me/sessions/${sessions[0].id}`, undefined, true);
  });

  test('of alerts', async () => {
    await live('listAlerts', '/alerts?state=open');
    const { body: mail } = await live('createAlertChannel', '/alert-channels', {
      ...{ kind: 'email', name: 'Ops', recipients: ['ops@example.com'] },
      quietHours: { timezone: 'Europe/Berlin', from: '22:00', to: '07:00' },
    });
    await live('createAlertChannel', '/alert-channels', { kind: 'webhook', name: 'Hook', url: sink.url });
    await live('createAlertChannel', '/alert-channels', { kind: 'email', name: 'Ops', recipients: ['ops'] });
    await live('updateAlertChannel', `/alert-channels/${mail.id}`, { name: 'Operations', quietHours: null });
    await live('updateAlertChannel', `/alert-channels/${mail.id}`, { url: sink.url });
    await live('listAlertChannels', '/alert-channels');
    await live('testAlertChannel', `/alert-channels/${mail.id}/test`);
    const { body: rule } = await live('createAlertRule', '/alert-rules', {
      ...{ kind: 'error_rate', threshold: 5, channels: [mail.id] },
    });
    await live('createAlertRule', '/alert-rules', { kind: 'error_rate', threshold: 101 });
    await live('updateAlertRule', `/alert-rules/${rule.id}`, { isUrgent: true });
    await live('updateAlertRule', `/alert-rules/${rule.id}`, { flow: 'none' });
    await live('listAlertRules', '/alert-rules');
    await live('deleteAlertRule', `/alert-rules/${rule.id}`);
    await live('deleteAlertRule', `/alert-rules/${rule.id}`);
    await live('deleteAlertChannel', `/alert-channels/${mail.id}`);
    await live('deleteAlertChannel', `/alert-channels/${mail.id}`);
  });

  test('have been made of every route that ends by itself', () => {
    const succeeded = new Set(
      [...called].filter((entry) => / 2\d\d$/.test(entry)).map((entry) => entry.split(' ')[0]),
    );
    const isFile = (route: Route) => route.id === 'exportAudit';
    const expected = ROUTES.filter((route) => !route.path.endsWith('/stream') && !isFile(route)).map(
      (route) => route.id,
    );
    expect([...succeeded].sort()).toEqual(expected.sort());
  });
});

/** Says how a value breaks the schema at a pointer into the document; members that are not described are faults here. */
function matcherOf(openapi: JsonObject): (pointer: string, value: unknown) => string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(closed(openapi) as JsonObject, 'openapi');
  return (pointer, value) => {
    const validate = ajv.compile({ $ref: `openapi#${pointer}` });
    validate(value);
    return (validate.errors ?? []).map(
      (error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
    );
  };
}

function closed(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map((item: Json) => closed(item));
  if (!isJsonObject(schema)) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const isObject = schema['type'] === 'object' && isJsonObject(schema['properties']);
  return isObject ? { additionalProperties: false, ...copy } : copy;
}

function pointerTo(parts: readonly string[]): string {
  return parts
    .map((part) => `/${encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))}`)
    .join('');
}
