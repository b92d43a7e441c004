import { beforeAll, describe, expect, test } from 'vitest';

import type { RunComparisonReply } from '#core/api/compare-runs.ts';
import { prisma } from '#server/db/prisma.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { manualFlow } from '#test/support/sample-flows.ts';
import { makeApiWorkspace, useApi } from '#test/support/use-api.ts';

const api = useApi();

interface Made {
  readonly flow?: string;
  readonly status?: 'succeeded' | 'failed';
  readonly minute?: number;
  readonly body?: unknown;
  /** Steps inside a loop. */
  readonly items?: number;
}

/** Stores a run as ingress and worker would have left it. */
async function makeRun({ flow = 'orders', status = 'succeeded', minute = 0, body = {}, items = 0 }: Made) {
  const { workspaceId } = api;
  const of = await prisma().flow.findUniqueOrThrow({
    where: { workspaceId_slug: { workspaceId, slug: flow } },
    include: { versions: true },
  });
  const [id, eventId] = [uuidv7(), uuidv7()];
  const at = new Date(Date.UTC(2026, 2, 1, 10, minute));
  const bytes = new Uint8Array(Buffer.from(JSON.stringify(body)));
  await prisma().event.create({
    data: {
      id: eventId,
      workspaceId,
      flowId: of.id,
      kind: 'manual',
      body: bytes,
      contentType: 'application/json',
    },
  });
  await prisma().run.create({
    data: {
      id,
      workspaceId,
      flowId: of.id,
      flowSlug: flow,
      flowName: of.name,
      eventId,
      status,
      createdAt: at,
      startedAt: at,
      finishedAt: at,
      flowVersionId: of.versions[0]?.id ?? '',
      versionNumber: 1,
      startedBy: 'manual',
    },
  });
  const step = (nodeId: string, more: object = {}) => ({
    ...{
      runId: id,
      nodeId,
      status: 'succeeded' as const,
      attempts: 1,
      startedAt: at,
      finishedAt: at,
      ports: ['out'],
    },
    ...more,
  });
  const error = { kind: 'invalid', code: 'http_status', message: 'It answered 422.' };
  await prisma().step.createMany({
    data: [
      step('start', { output: body }),
      step('map', status === 'failed' ? { status, error, ports: [] } : { output: { echo: body } }),
      ...Array.from({ length: items }, (_, index) => step('map', { key: String(index) })),
    ],
  });
  return id;
}

async function compare(
  id: string,
  query = '',
): Promise<{ status: number; body: RunComparisonReply & { detail: string } }> {
  return api.call(`GET /runs/${id}/compare${query}`);
}

beforeAll(async () => {
  for (const slug of ['orders', 'letters', 'never']) {
    await api.call(`PUT /flows/${slug}`, manualFlow(slug));
    await api.call(`POST /flows/${slug}/publish`);
  }
});

describe('a run beside another', () => {
  test('tells where they part, and only what differs', async () => {
    const fine = await makeRun({ body: { number: 1, lines: [{ id: 'a', n: 1 }] }, minute: 1 });
    const failed = await makeRun({
      body: { number: 1, lines: [{ id: 'b' }, { id: 'a', n: 2 }] },
      status: 'failed',
      minute: 2,
    });
    const { status, body } = await compare(failed, `?with=${fine}`);
    expect(status).toBe(200);
    expect([body.before.id, body.after.id, body.loops]).toEqual([fine, failed, 'all']);
    expect([body.first, body.parting]).toEqual([
      { nodeId: 'start', key: '' },
      { nodeId: 'map', key: '' },
    ]);
    expect(body.steps.map(({ nodeId, differs }) => [nodeId, differs])).toEqual([
      ['start', ['output']],
      ['map', ['status', 'ports', 'error', 'output']],
    ]);
    expect(body.trigger.shown.map(({ kind, to }) => [kind, to])).toEqual(
      expect.arrayContaining([
        ['added', '/body/lines/0'],
        ['changed', '/body/lines/1/n'],
      ]),
    );
    expect(body.steps[0]?.output.total).toBe(2);
  });

  test('without another: the last success before it, else the newest there is', async () => {
    const first = await makeRun({ flow: 'letters', status: 'failed', minute: 0 });
    const early = await makeRun({ flow: 'letters', minute: 1 });
    const late = await makeRun({ flow: 'letters', minute: 2 });
    const failed = await makeRun({ flow: 'letters', status: 'failed', minute: 3 });
    const after = await makeRun({ flow: 'letters', minute: 4 });
    const withOf = async (id: string) => (await compare(id)).body.before.id;
    expect([await withOf(failed), await withOf(late), await withOf(first)]).toEqual([late, early, after]);
  });

  test('says so when nothing has succeeded, and refuses what cannot be compared', async () => {
    const only = await makeRun({ flow: 'never', status: 'failed' });
    const other = await makeRun({});
    expect(await compare(only)).toMatchObject({
      status: 404,
      body: { detail: expect.stringMatching(/succeeded yet/) as string },
    });
    expect(await compare(only, `?with=${other}`)).toMatchObject({ status: 422 });
    expect(await compare(only, `?with=${uuidv7()}`)).toMatchObject({ status: 404 });
    expect(await compare(only, '?with=yesterday')).toMatchObject({ status: 400 });
    const foreign = await makeApiWorkspace();
    expect((await api.call(`GET /runs/${only}/compare`, undefined, { key: foreign.key })).status).toBe(404);
  });

  test('with too many items to go through compares the loops as a whole', async () => {
    const [one, other] = [await makeRun({ items: 2_001 }), await makeRun({ items: 1 })];
    const { body } = await compare(one, `?with=${other}`);
    expect([body.loops, body.steps.length]).toEqual(['folded', 2]);
    const small = await makeRun({ items: 2 });
    expect((await compare(small, `?with=${other}`)).body.steps).toHaveLength(4);
  });
});
