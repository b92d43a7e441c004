import { isDeepStrictEqual } from 'node:util';

import { findOperation } from '#connectors/definitions.ts';
import type { Json } from '#core/json.ts';
import { type Example, FAR_END } from '#scripts/reference/example.ts';
import { makeConnection } from '#test/support/connections.ts';
import { callApi, type ApiReply } from '#test/support/call-api.ts';
import { deliver, type HookServer } from '#test/support/hook-fixture.ts';
import { waitFor } from '#test/support/wait-for.ts';
import type { WorkerFixture } from '#test/worker/worker-fixture.ts';
import type { Accounts } from './accounts.ts';

/** What examples are run on: a worker, the real API and the real ingress. */
export interface ExampleStage {
  readonly fixture: WorkerFixture;
  readonly hooks: HookServer;
  readonly apiKey: string;
  readonly accounts: Accounts;
}

export interface ExampleRun {
  readonly status: string;
  readonly output: Json;
  readonly error: Json;
  readonly steps: readonly { readonly nodeId: string; readonly ports: readonly string[] }[];
}

/** Publishes the flows of an example, starts it, and gives back the run that has ended, and what its caller was answered. */
export async function runExample(
  stage: ExampleStage,
  example: Example,
): Promise<{ readonly run: ExampleRun; readonly reply: { status: number; body: Json } | undefined }> {
  for (const { request, reply } of example.far) stage.fixture.sink.reply(request.path, reply);
  await connect(stage, example.connections);
  for (const other of example.otherFlows) await publish(stage, other);
  // Published, a trigger of an app would ask the far end for its events while other examples count calls.
  const isTried = isOfApp(example.flow);
  const hookUrl = isTried ? await save(stage, example.flow) : await publish(stage, example.flow);
  const { slug } = example.flow;
  const reply = await start(stage, { example, hookUrl, version: isTried ? 'draft' : 'latest' });
  const id = await waitFor(`a run of ${slug}`, async () => (await newestRun(stage, slug))?.id);
  if (example.decide) await decide(stage, id, example.decide);
  const run = await waitFor(
    `the run of ${slug} to end`,
    async () => {
      const { body } = await call(stage, `GET /runs/${id}`);
      return (
        ['succeeded', 'failed', 'cancelled'].includes((body as ExampleRun).status) && (body as ExampleRun)
      );
    },
    20_000,
  );
  return { run, reply };
}

/** True when a value is the expected one, where texts such as `<a time>` stand for any text. */
export function isAsExpected(value: unknown, expected: Json): boolean {
  if (typeof expected === 'string' && /^<[a-z ]+>$/.test(expected))
    return typeof value === 'string' && value !== '';
  if (typeof expected !== 'object' || expected === null) return isDeepStrictEqual(value, expected);
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== Array.isArray(expected))
    return false;
  const fields = Object.entries(expected as Record<string, Json>);
  return (
    Object.keys(value).length === fields.length &&
    fields.every(([name, part]) => isAsExpected((value as Record<string, unknown>)[name], part))
  );
}

/** The account of a server that is there; else what consent leaves behind: a token, and where the account's API is. */
async function connect(
  { fixture, accounts }: ExampleStage,
  connections: Example['connections'],
): Promise<void> {
  for (const [connector, slug] of Object.entries(connections)) {
    const taken = await fixture.db.query('SELECT FROM connection WHERE slug = $1', [slug]);
    if (taken.rowCount !== 0) continue;
    const fields = accounts.fields[connector] ?? {
      accessToken: 'an-access-token',
      secretKey: 'rk_test_1',
      token: 'a-token',
      instanceUrl: fixture.sink.url,
    };
    await makeConnection(fixture.workspaceId, { slug, connector, fields });
  }
}

async function publish(stage: ExampleStage, flow: Example['flow']): Promise<string | null> {
  await save(stage, flow);
  const { body } = await call(stage, `POST /flows/${flow.slug}/publish`, {});
  return (body as { hookUrl: string | null }).hookUrl;
}

async function save(stage: ExampleStage, flow: Example['flow']): Promise<null> {
  const document = JSON.parse(JSON.stringify(flow).replaceAll(FAR_END, stage.fixture.sink.url)) as unknown;
  await call(stage, `PUT /flows/${flow.slug}`, document);
  return null;
}

/** Whether a flow begins with what happens in an app. */
function isOfApp({ nodes }: Example['flow']): boolean {
  return nodes.some(({ type, version }) => {
    const found = findOperation(type, version);
    return found?.operation.kind === 'trigger' && found.connector.id !== 'core';
  });
}

async function start(
  stage: ExampleStage,
  {
    example,
    hookUrl,
    version,
  }: { readonly example: Example; readonly hookUrl: string | null; readonly version: 'draft' | 'latest' },
): Promise<{ status: number; body: Json } | undefined> {
  const { start: given, flow } = example;
  if ('input' in given) {
    await call(stage, `POST /flows/${flow.slug}/runs`, { input: given.input, version });
    return undefined;
  }
  if ('webhook' in given) {
    const { method, query, headers, body } = given.webhook;
    const path = new URL(hookUrl ?? '').pathname + query;
    const answer = await deliver(stage.hooks, path, { method, headers, body: JSON.stringify(body) });
    return { status: answer.status, body: (answer.json ?? answer.text) as Json };
  }
  await bringTimeForward(stage, flow.slug);
  return undefined;
}

/** The clock of the tests: what is planned is due at once. */
async function bringTimeForward({ fixture }: ExampleStage, slug: string): Promise<void> {
  for (const table of ['schedule', 'poll'])
    await fixture.db.query(
      `UPDATE ${table} SET next_at = date_trunc('minute', now()) FROM flow WHERE flow.id = flow_id AND flow.slug = $1`,
      [slug],
    );
}

async function decide(
  stage: ExampleStage,
  runId: string,
  decision: NonNullable<Example['decide']>,
): Promise<void> {
  const approval = await waitFor('the approval', async () => {
    const { body } = await call(stage, `GET /approvals?status=open&run=${runId}`);
    return (body as { data: readonly { id: string }[] }).data[0];
  });
  await call(stage, `POST /approvals/${approval.id}/decide`, decision);
}

async function newestRun(stage: ExampleStage, slug: string): Promise<{ id: string } | undefined> {
  const { body } = await call(stage, `GET /runs?flow=${slug}`);
  return (body as { data: readonly { id: string }[] }).data[0];
}

async function call({ apiKey }: ExampleStage, path: string, body?: unknown): Promise<ApiReply> {
  const reply = await callApi(path, { key: apiKey, body });
  if (reply.status < 300) return reply;
  throw new Error(`${path} answered ${reply.status}: ${JSON.stringify(reply.body)}`);
}
