import { describe, expect, test } from 'vitest';

import { nextTicks } from '#core/cron.ts';
import type { JsonObject } from '#core/json.ts';
import { Prisma } from '#prisma/generated/client.ts';
import { prisma } from '#server/db/prisma.ts';
import { manualFlow, webhookFlow } from '#test/support/sample-flows.ts';
import { pollFlow, scheduleFlow } from '#test/support/trigger-flows.ts';
import { useApi } from '#test/support/use-api.ts';

const api = useApi();
const DAILY = { cron: '0 9 * * *', timezone: 'Europe/Berlin' };
const REQUEST = { url: 'https://api.example.com/items' };

async function publish(document: { slug: string }): Promise<number> {
  await api.call(`PUT /flows/${document.slug}`, document);
  return (await api.call(`POST /flows/${document.slug}/publish`)).status;
}

const clockOf = (slug: string) => prisma().schedule.findFirst({ where: { flow: { slug } } });
const pollOf = (slug: string) => prisma().poll.findFirst({ where: { flow: { slug } } });
const summaryOf = async (slug: string) => (await api.call(`GET /flows/${slug}/summary`)).body;

async function faultsOf(document: { slug: string }): Promise<[string, string][]> {
  await api.call(`PUT /flows/${document.slug}`, document);
  const { status, body } = await api.call(`POST /flows/${document.slug}/publish`);
  expect(status).toBe(422);
  return body.errors.map((error: { pointer: string; message: string }) => [error.pointer, error.message]);
}

describe('a schedule', () => {
  test('is set by publishing, with the next tick from now on', async () => {
    expect(await publish(scheduleFlow('daily', DAILY))).toBe(200);
    const expected = nextTicks(DAILY.cron, DAILY.timezone, { after: new Date(), count: 1 })[0];
    expect(await clockOf('daily')).toMatchObject({
      ...DAILY,
      missed: 'once',
      nodeId: 'clock',
      nextAt: expected,
    });
    expect(await summaryOf('daily')).toMatchObject({ nextTickAt: expected!.toISOString(), poll: null });
  });

  test('keeps a tick that is due when the same times are published again, and moves with others', async () => {
    await publish(scheduleFlow('again', DAILY));
    const due = new Date('2026-01-01T08:00:00Z');
    await prisma().schedule.updateMany({ where: { flow: { slug: 'again' } }, data: { nextAt: due } });
    await publish(scheduleFlow('again', { ...DAILY, missed: 'skip' }));
    expect(await clockOf('again')).toMatchObject({ nextAt: due, missed: 'skip' });
    await publish(scheduleFlow('again', { ...DAILY, timezone: 'UTC' }));
    expect((await clockOf('again'))!.nextAt.getTime()).toBeGreaterThan(Date.now());
  });

  test('goes with unpublishing, with another trigger, and with the flow; comes back with a rollback', async () => {
    await publish(scheduleFlow('gone', DAILY));
    await api.call('POST /flows/gone/unpublish');
    expect(await clockOf('gone')).toBeNull();
    expect(await summaryOf('gone')).toMatchObject({ nextTickAt: null });
    await api.call('POST /flows/gone/publish');
    expect(await clockOf('gone')).not.toBeNull();
    await publish(manualFlow('gone'));
    expect(await clockOf('gone')).toBeNull();
    await api.call('POST /flows/gone/rollback', { version: 1 });
    expect(await clockOf('gone')).toMatchObject(DAILY);
    const { flowId } = (await clockOf('gone'))!;
    expect((await api.call('DELETE /flows/gone')).status).toBe(204);
    expect(await prisma().schedule.count({ where: { flowId } })).toBe(0);
  });

  test('leaves a webhook its URL', async () => {
    await publish(webhookFlow('mixed'));
    const { hookUrl } = (await api.call('POST /flows/mixed/publish')).body;
    await publish(scheduleFlow('mixed', DAILY));
    await publish(webhookFlow('mixed'));
    expect((await api.call('POST /flows/mixed/publish')).body.hookUrl).toBe(hookUrl);
    expect(await clockOf('mixed')).toBeNull();
  });

  test.each([
    [{ cron: '0 25 * * *' }, '/nodes/0/config/cron', 'the hour cannot be "25": write 0 to 23'],
    [{ cron: '0 9 * *' }, '/nodes/0/config/cron', 'write five fields'],
    [{ cron: '0 0 30 2 *' }, '/nodes/0/config/cron', 'this time never comes'],
    [{}, '/nodes/0/config/cron', '"cron" is required'],
    [{ ...DAILY, timezone: 'Berlin' }, '/nodes/0/config/timezone', 'write the name of a time zone'],
    [{ ...DAILY, cron: { $expr: 'trigger' } }, '/nodes/0/config/cron', 'takes no expression'],
    [{ ...DAILY, missed: 'all' }, '/nodes/0/config/missed', 'must be one of "once", "skip"'],
  ])('is refused at the field: %j', async (config, pointer, message) => {
    const faults = await faultsOf(scheduleFlow('broken', config));
    expect(faults).toHaveLength(1);
    expect(faults[0]![0]).toBe(pointer);
    expect(faults[0]![1]).toContain(message);
  });

  test('runs by hand, for now or for a time that is given', async () => {
    await publish(scheduleFlow('hand', DAILY));
    const before = Date.now();
    const { status, body } = await api.call('POST /flows/hand/runs', {});
    expect(status).toBe(202);
    expect(body.startedBy).toBe('manual');
    const plannedAt = Date.parse(body.trigger.body.plannedAt);
    expect(plannedAt).toBeGreaterThanOrEqual(before - 1);
    expect(plannedAt).toBeLessThanOrEqual(Date.now());
    const given = { plannedAt: '2026-02-01T08:00:00.000Z' };
    expect((await api.call('POST /flows/hand/runs', { input: given })).body.trigger.body).toEqual(given);
    const refused = await api.call('POST /flows/hand/runs', { input: { plannedAt: 'soon' } });
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, '/input/plannedAt']);
  });
});

describe('a poll', () => {
  test('is due at once when it is published', async () => {
    expect(await publish(pollFlow('fresh', { request: REQUEST }))).toBe(200);
    const row = (await pollOf('fresh'))!;
    expect(row).toMatchObject({ nodeId: 'poll', cursor: null, failures: 0, answeredAt: null });
    expect(Math.abs(row.nextAt.getTime() - Date.now())).toBeLessThan(5_000);
    expect(await summaryOf('fresh')).toMatchObject({
      nextTickAt: null,
      poll: {
        nextAt: row.nextAt.toISOString(),
        askedAt: null,
        answeredAt: null,
        found: null,
        failures: 0,
        error: null,
      },
    });
  });

  const state = {
    nextAt: new Date('2099-01-01T00:00:00Z'),
    cursor: 'c7',
    failures: 3,
    error: { kind: 'transient', code: 'timeout', message: 'Slow.' },
    answeredAt: new Date('2026-01-01T00:00:00Z'),
    found: 4,
  };
  const base = { request: REQUEST, key: { $expr: 'item.id' }, cursor: { $expr: 'reply.body.next' } };

  test.each<[string, object, object]>([
    ['nothing', base, state],
    ['another interval', { ...base, everySeconds: 60 }, { cursor: 'c7', failures: 0, error: null, found: 4 }],
    [
      'another header',
      { ...base, request: { ...REQUEST, headers: { a: 'b' } } },
      { cursor: 'c7', answeredAt: state.answeredAt },
    ],
    [
      'another cursor',
      { ...base, cursor: { $expr: 'reply.body.last' } },
      { cursor: null, answeredAt: state.answeredAt },
    ],
    ['another key', { ...base, key: { $expr: 'item.uid' } }, { cursor: null, answeredAt: null, found: null }],
    ['another list', { ...base, items: { $expr: 'reply.body.data' } }, { cursor: null, answeredAt: null }],
    ['another URL', { ...base, request: { url: 'https://b.example' } }, { cursor: null, answeredAt: null }],
  ])('changed by %s keeps what still holds', async (what, config, expected) => {
    const slug = what.toLowerCase().replaceAll(' ', '-');
    await publish(pollFlow(slug, base));
    await prisma().poll.updateMany({ where: { flow: { slug } }, data: state });
    await publish(pollFlow(slug, config as JsonObject, { position: { x: 9, y: 9 } }));
    const row = (await pollOf(slug))!;
    expect(row).toMatchObject(expected);
    expect(row.nextAt.getTime() < Date.now() + 5_000).toBe(what !== 'nothing');
  });

  test('goes with another trigger, and begins anew after that', async () => {
    await publish(pollFlow('turns', base));
    await prisma().poll.updateMany({ where: { flow: { slug: 'turns' } }, data: state });
    await publish(scheduleFlow('turns', DAILY));
    expect(await pollOf('turns')).toBeNull();
    await publish(pollFlow('turns', base));
    expect(await pollOf('turns')).toMatchObject({ cursor: null, answeredAt: null });
    expect(await clockOf('turns')).toBeNull();
    await api.call('POST /flows/turns/unpublish');
    expect(await pollOf('turns')).toBeNull();
  });

  test('shows why it failed', async () => {
    await publish(pollFlow('failing', base));
    await prisma().poll.updateMany({
      where: { flow: { slug: 'failing' } },
      data: { ...state, cursor: Prisma.DbNull },
    });
    const { poll } = await summaryOf('failing');
    expect(poll).toMatchObject({
      failures: 3,
      error: state.error,
      found: 4,
      nextAt: '2099-01-01T00:00:00.000Z',
    });
    const listed = (await api.call('GET /flows?q=failing')).body.data[0];
    expect(listed.poll).toEqual(poll);
  });

  test.each([
    [{ request: {} }, '/nodes/0/config/request/url', '"url" is required'],
    [{ request: { url: 'ftp://x' } }, '/nodes/0/config/request/url', 'write a URL'],
    [{ request: REQUEST, everySeconds: 9 }, '/nodes/0/config/everySeconds', 'must be at least 10'],
    [{ request: REQUEST, key: 'item.id' }, '/nodes/0/config/key', 'must be an expression'],
    [{ request: REQUEST, items: { $expr: 'reply.(' } }, '/nodes/0/config/items', 'fault at character'],
    [{ request: REQUEST, first: 'maybe' }, '/nodes/0/config/first', 'must be one of'],
  ])('is refused at the field: %j', async (config, pointer, message) => {
    const faults = await faultsOf(pollFlow('broken-poll', config));
    expect(faults).toHaveLength(1);
    expect(faults[0]![0]).toBe(pointer);
    expect(faults[0]![1]).toContain(message);
  });

  test('takes an item as the input of a test run', async () => {
    await api.call('PUT /flows/tested', pollFlow('tested', { request: REQUEST }));
    const { status, body } = await api.call('POST /flows/tested/runs', {
      version: 'draft',
      input: { id: 7 },
    });
    expect([status, body.trigger.body, body.version]).toEqual([202, { id: 7 }, null]);
  });
});
