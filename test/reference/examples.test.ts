import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CONNECTORS } from '#connectors/definitions.ts';
import { stopListening } from '#server/live/hub.ts';
import { flushNotices } from '#server/live/outbox.ts';
import type { Json } from '#core/json.ts';
import { type Example, EXAMPLES_FOLDER, readExample, TOPICS } from '#scripts/reference/example.ts';
import { type HookServer, startHookServer } from '#test/support/hook-fixture.ts';
import { hasMariaDb } from '#test/support/mariadb.ts';
import { makeApiKey } from '#test/support/people.ts';
import { PUBLIC_URL } from '#test/support/use-app-database.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { useWorkers } from '#test/worker/worker-fixture.ts';
import { startAccounts, type Accounts } from './accounts.ts';
import { isAsExpected, runExample } from './run-example.ts';

const TYPES = CONNECTORS.flatMap(({ id, operations }) =>
  operations.map((operation) => `${id}.${operation.id}`),
);

/** npm brings no MySQL. */
const MYSQL = TYPES.filter((type) => type.startsWith('mysql.'));

const fixture = useWorkers();
let hooks: HookServer;
let apiKey: string;
let accounts: Accounts;

beforeAll(async () => {
  process.env['PATCHBAY_URL'] = PUBLIC_URL;
  apiKey = await makeApiKey(fixture.workspaceId, 'owner');
  hooks = await startHookServer();
  accounts = await startAccounts();
  await fixture.startWorker({
    PATCHBAY_EGRESS_ALLOW: `127.0.0.0/8,${accounts.egressAllow}`,
    TEST_FAR_END: fixture.sink.url,
    PATCHBAY_SANDBOX_URL: fixture.sink.url,
    NODE_OPTIONS: `--import ${resolve(import.meta.dirname, '../support/far-ends-preload.ts')}`,
  });
});

afterAll(async () => {
  await hooks.stop();
  await accounts.stop();
  await flushNotices();
  await stopListening();
});

describe('the examples of the reference', () => {
  it('are those of the node types that there are', async () => {
    const files = await readdir(EXAMPLES_FOLDER);
    expect(files.sort()).toEqual([...TYPES, ...TOPICS].map((name) => `${name}.json`).sort());
  });

  it.skipIf(!hasMariaDb()).each(MYSQL)('%s does what its page says', { timeout: 120_000 }, check);

  const others = [...TYPES, ...TOPICS].filter((type) => !MYSQL.includes(type));
  it.each(others)('%s does what its page says', { timeout: 120_000 }, check);

  async function check(type: string): Promise<void> {
    const example = await readExample(type);
    const subject = example.flow.nodes.find((node) => node.type === type);
    if (TYPES.includes(type)) expect(subject, `the flow has a node of the type ${type}`).toBeDefined();
    const before = fixture.sink.requests.length;
    const { run, reply } = await runExample({ fixture, hooks, apiKey, accounts }, example);
    const { expect: wanted } = example;
    expect(run, JSON.stringify(run.error)).toMatchObject({ status: wanted.status });
    if (wanted.output !== undefined) expectLike(run.output, wanted.output);
    if (wanted.error) expect(run.error).toMatchObject(wanted.error);
    if (wanted.reply) expect(reply).toEqual(wanted.reply);
    if (wanted.ports)
      expect(run.steps.find(({ nodeId }) => nodeId === subject?.id)?.ports).toEqual(wanted.ports);
    if (wanted.calls) await expectCalls(before, wanted.calls);
  }
});

/** Shows the difference where there is one. */
function expectLike(value: unknown, wanted: Json): void {
  if (!isAsExpected(value, wanted)) expect(value).toEqual(wanted);
}

/** Some calls come after the end of the run: those of a flow for failures. */
async function expectCalls(before: number, wanted: NonNullable<Example['expect']['calls']>): Promise<void> {
  const all = () => fixture.sink.requests.slice(before);
  await waitFor(`${wanted.length} calls`, () => all().length >= wanted.length);
  const received = all();
  expect(received.map(({ method, path }) => ({ method, path }))).toEqual(
    wanted.map(({ method, path }) => ({ method, path })),
  );
  wanted.forEach(({ body, form, query }, index) => {
    const request = received[index];
    if (query) expect(Object.fromEntries(request?.query ?? [])).toEqual(query);
    if (form) expect(Object.fromEntries(new URLSearchParams(request?.body.toString()))).toEqual(form);
    if (body !== undefined) expectLike(request?.json(), body);
  });
}
