import { beforeAll, describe, expect, test } from 'vitest';

import type { FieldsReply } from '#core/api/fields.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { prisma } from '#server/db/prisma.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { manualFlow } from '#test/support/sample-flows.ts';
import { makeApiWorkspace, useApi } from '#test/support/use-api.ts';

const api = useApi();
const SLUG = 'fielded';

/** Stores a run that succeeded at that minute, as ingress and worker would have left it. */
async function makeRun(minute: number, body: Json, output?: Json): Promise<string> {
  const { workspaceId } = api;
  const flow = await prisma().flow.findUniqueOrThrow({
    where: { workspaceId_slug: { workspaceId, slug: SLUG } },
    include: { versions: true },
  });
  const [id, eventId] = [uuidv7(), uuidv7()];
  const data = {
    id: eventId,
    workspaceId,
    flowId: flow.id,
    kind: 'webhook',
    contentType: 'application/json',
  };
  await prisma().event.create({ data: { ...data, body: new Uint8Array(Buffer.from(JSON.stringify(body))) } });
  await prisma().run.create({
    data: {
      ...{ id, workspaceId, flowId: flow.id, flowSlug: SLUG, flowName: flow.name, eventId },
      flowVersionId: flow.versions[0]?.id ?? '',
      startedBy: 'webhook',
      status: 'succeeded',
      createdAt: at(minute),
    },
  });
  if (output !== undefined)
    await prisma().step.create({
      data: { runId: id, nodeId: 'map', status: 'succeeded', output: output as JsonObject },
    });
  return id;
}

const at = (minute: number) => new Date(Date.UTC(2026, 10, 12, 14, minute));

async function historyOf(...paths: readonly string[]): Promise<FieldsReply> {
  const reply = await api.call(`POST /flows/${SLUG}/fields`, { paths });
  expect(reply.status, JSON.stringify(reply.body)).toBe(200);
  return reply.body as FieldsReply;
}

describe('the history of fields', () => {
  const runs: string[] = [];
  beforeAll(async () => {
    await api.call(`PUT /flows/${SLUG}`, manualFlow(SLUG));
    await api.call(`POST /flows/${SLUG}/publish`);
    runs.push(await makeRun(1, { id: 1, note: 'x' }, { title: 'a' }));
    runs.push(await makeRun(2, { id: 2 }, { name: 'b' }));
    // Without the step, and with more than is worth reading: these say nothing.
    runs.push(await makeRun(3, { id: 3, note: 'y'.repeat(300_000) }));
    runs.push(await makeRun(4, { id: 4 }, { name: 'd' }));
  });
  const moment = (index: number) => ({ at: at(index + 1).toISOString(), runId: runs[index] });

  test('says when each was last seen, and since when it is missing', async () => {
    const { data, runs: count } = await historyOf(
      'trigger.body.id',
      'trigger.body.note',
      'steps.map.title',
      'steps.map.`no such`',
    );
    expect(data).toEqual([
      { path: 'trigger.body.id', lastSeen: moment(3), missingSince: null },
      { path: 'trigger.body.note', lastSeen: moment(0), missingSince: moment(1) },
      { path: 'steps.map.title', lastSeen: moment(0), missingSince: moment(1) },
      { path: 'steps.map.`no such`', lastSeen: null, missingSince: moment(0) },
    ]);
    expect(count).toBe(4);
  });

  test('refuses what is no path, and knows no flow of another workspace', async () => {
    const refused = await api.call(`POST /flows/${SLUG}/fields`, { paths: ['trigger.body.id', '1 + 1'] });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ pointer: '/paths/1' }] } });
    const { key } = await makeApiWorkspace();
    const reply = await api.call(`POST /flows/${SLUG}/fields`, { paths: ['trigger.body.id'] }, { key });
    expect(reply.status).toBe(404);
  });
});
