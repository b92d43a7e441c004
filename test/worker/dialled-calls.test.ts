import { afterEach, beforeAll, expect, it } from 'vitest';

import { createConnection } from '#server/connections/save-connection.ts';
import { freePort } from '#test/support/free-port.ts';
import { testActor } from '#test/support/hook-fixture.ts';
import { startMailServer, type MailServer, type MailServerOptions } from '#test/support/mail-server.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { readRun, readSteps, START, useWorkers, whenRun } from './worker-fixture.ts';

const fixture = useWorkers();
const LONG = { timeout: 120_000 };

beforeAll(async () => void (await fixture.startWorker()));

const servers: MailServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function mailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const server = await startMailServer(options);
  servers.push(server);
  return server;
}

let made = 0;
async function mailFlow(port: number, budget?: { calls: number; seconds: number }) {
  const slug = `mail-${made++}`;
  const fields = { host: '127.0.0.1', port: String(port), security: 'none', from: 'flows@example.com' };
  await createConnection(testActor(fixture.workspaceId), { slug, connector: 'smtp', fields, budget });
  const config = { to: ['ada@example.com'], subject: 'Hello', text: { $expr: '$string(trigger.body)' } };
  return fixture.publish({
    nodes: [
      START,
      { id: 'mail', type: 'smtp.send', connection: slug, config, retry: { attempts: 2, baseSeconds: 0.1 } },
    ],
    edges: 'start>mail',
  });
}

it('a mail is sent once, and is on record with the id of its step', LONG, async () => {
  const server = await mailServer();
  const [run] = (await fixture.start(await mailFlow(server.port), ['one'])) as [string];
  expect((await whenRun(fixture, run)).status).toBe('succeeded');
  const { mail } = await readSteps(fixture, run);
  expect(server.received.map((each) => each.header('Message-ID'))).toEqual([
    (mail?.output as { messageId: string }).messageId,
  ]);
});

it('one that may have been sent is in doubt, and is not sent again', LONG, async () => {
  const server = await mailServer({ onMail: () => 'hang_up' });
  const [run] = (await fixture.start(await mailFlow(server.port), ['one'])) as [string];
  expect((await whenRun(fixture, run, { status: ['in_doubt'] })).status).toBe('in_doubt');
  expect(server.connections()).toBe(1);
});

it('one that was not sent is tried again', LONG, async () => {
  let asked = 0;
  const server = await mailServer({
    refuse: () => (asked++ === 0 ? { status: 450, says: 'Greylisted' } : undefined),
  });
  const [run] = (await fixture.start(await mailFlow(server.port), ['one'])) as [string];
  expect((await whenRun(fixture, run)).status).toBe('succeeded');
  expect(server.received).toHaveLength(1);
});

it('the budget of a connection counts what is dialled', LONG, async () => {
  const server = await mailServer();
  const flow = await mailFlow(server.port, { calls: 1, seconds: 3_600 });
  const runs = await fixture.start(flow, ['one', 'two']);
  await waitFor('one to wait for the budget', async () => {
    const steps = await Promise.all(runs.map(async (run) => (await readSteps(fixture, run))['mail']));
    return (
      steps.some((step) => step?.waiting_for === 'budget') &&
      steps.some((step) => step?.status === 'succeeded')
    );
  });
  expect(server.connections()).toBe(1);
});

it('a server that is away is left alone after a while', LONG, async () => {
  const flow = await mailFlow(await freePort());
  const runs = await fixture.start(
    flow,
    Array.from({ length: 15 }, (_, n) => n),
  );
  await waitFor('the breaker to hold a step back', async () => {
    const steps = await Promise.all(runs.map(async (run) => (await readSteps(fixture, run))['mail']));
    return steps.some((step) => step?.waiting_for === 'breaker');
  });
  for (const run of runs) expect((await readRun(fixture, run)).status).not.toBe('succeeded');
});
