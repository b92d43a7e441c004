import { afterEach, describe, expect, test } from 'vitest';

import type { JsonObject } from '#core/json.ts';
import { pool } from '#server/db/pool.ts';
import { prisma } from '#server/db/prisma.ts';
import { fireDueSchedules } from '#worker/triggers/fire-schedules.ts';
import { planTick } from '#worker/triggers/plan-tick.ts';
import { Ticker } from '#worker/triggers/ticker.ts';
import { ALWAYS_DUE } from '#test/support/always-due.ts';
import { scheduleFlow } from '#test/support/trigger-flows.ts';
import { useApi } from '#test/support/use-api.ts';
import { waitFor } from '#test/support/wait-for.ts';

const api = useApi();
const QUARTERS = { cron: '*/15 * * * *', timezone: 'UTC' };
const EVERY_MINUTE = { cron: '* * * * *', timezone: 'UTC' };

afterEach(async () => {
  await prisma().schedule.deleteMany();
});

/** Publishes a schedule and sets its clock as it stood at some time. */
async function schedule(slug: string, config: JsonObject, nextAt: string): Promise<void> {
  await api.call(`PUT /flows/${slug}`, scheduleFlow(slug, config));
  expect((await api.call(`POST /flows/${slug}/publish`)).status).toBe(200);
  await prisma().schedule.updateMany({ where: { flow: { slug } }, data: { nextAt: new Date(nextAt) } });
}

/** Copies a published flow and its clock, as `crowd-1`, `crowd-2` … of `crowd-0`. */
async function copyFlow(slug: string, copies: number): Promise<void> {
  await pool().query(
    `WITH original AS (SELECT f.*, v.document, v.content_hash FROM flow f JOIN flow_version v ON v.flow_id = f.id WHERE f.slug = $1),
      copy AS (INSERT INTO flow (id, workspace_id, slug, name, draft, published_version)
        SELECT gen_random_uuid(), workspace_id, replace($1, '0', n::text), name, draft, 1
        FROM original, generate_series(1, $2) n RETURNING *),
      version AS (INSERT INTO flow_version (id, workspace_id, flow_id, number, document, content_hash)
        SELECT gen_random_uuid(), copy.workspace_id, copy.id, 1, document, content_hash FROM copy, original)
    INSERT INTO schedule (flow_id, workspace_id, node_id, cron, timezone, missed, next_at)
    SELECT copy.id, s.workspace_id, s.node_id, s.cron, s.timezone, s.missed, s.next_at
    FROM copy, original JOIN schedule s ON s.flow_id = original.id`,
    [slug, copies],
  );
}

const at = (time: string) => new Date(`2026-03-29T${time}Z`);

async function plannedTimes(slug: string): Promise<string[]> {
  const events = await prisma().event.findMany({ where: { kind: 'schedule', flow: { slug } } });
  return events
    .map((event) => JSON.parse(Buffer.from(event.body).toString()) as { plannedAt: string })
    .map(({ plannedAt }) => plannedAt.slice(11, 16))
    .sort();
}

async function nextAt(slug: string): Promise<string> {
  const row = await prisma().schedule.findFirstOrThrow({ where: { flow: { slug } } });
  return row.nextAt.toISOString().slice(11, 16);
}

describe('fireDueSchedules', () => {
  test('starts a run of the published version, with the planned time for its trigger, and moves on', async () => {
    await schedule('quarters', QUARTERS, '2026-03-29T09:15:00Z');
    expect(await fireDueSchedules(at('09:14:59.999'))).toBe(0);
    expect(await fireDueSchedules(at('09:15:00.005'))).toBe(1);
    expect(await fireDueSchedules(at('09:15:00.900'))).toBe(0);
    expect(await nextAt('quarters')).toBe('09:30');
    const run = await prisma().run.findFirstOrThrow({
      where: { flowSlug: 'quarters' },
      include: { event: true },
    });
    expect(run).toMatchObject({
      startedBy: 'schedule',
      status: 'queued',
      versionNumber: 1,
      flowName: 'Flow quarters',
    });
    expect(run.event).toMatchObject({ kind: 'schedule', dedupeKey: '2026-03-29T09:15:00.000Z' });
    const read = (await api.call(`GET /runs/${run.id}`)).body;
    expect(read).toMatchObject({
      startedBy: 'schedule',
      trigger: { body: { plannedAt: '2026-03-29T09:15:00.000Z' } },
    });
  });

  test('after a pause over three ticks: once runs the last, skip none', async () => {
    await schedule('once', QUARTERS, '2026-03-29T09:15:00Z');
    await schedule('skip', { ...QUARTERS, missed: 'skip' }, '2026-03-29T09:15:00Z');
    expect(await fireDueSchedules(at('09:50:00'))).toBe(1);
    expect(await plannedTimes('once')).toEqual(['09:45']);
    expect(await plannedTimes('skip')).toEqual([]);
    expect([await nextAt('once'), await nextAt('skip')]).toEqual(['10:00', '10:00']);
    expect(await fireDueSchedules(at('10:00:00'))).toBe(2);
    expect(await plannedTimes('skip')).toEqual(['10:00']);
  });

  test('skip runs a tick that is late by less than a minute', async () => {
    await schedule('late', { ...EVERY_MINUTE, missed: 'skip' }, '2026-03-29T09:15:00Z');
    expect(await fireDueSchedules(at('09:20:30'))).toBe(1);
    expect(await plannedTimes('late')).toEqual(['09:20']);
  });

  test('two at once, over and over, never double and leave none out', async () => {
    await schedule('crowd-0', EVERY_MINUTE, '2026-03-29T09:00:00Z');
    await copyFlow('crowd-0', 59);
    let started = 0;
    for (const minute of ['09:00', '09:01', '09:02']) {
      const counts = await Promise.all(Array.from({ length: 4 }, () => fireDueSchedules(at(`${minute}:01`))));
      started += counts.reduce((sum, count) => sum + count, 0);
    }
    // What one passed over because another held it, that one has done.
    expect(started).toBe(180);
    expect(await plannedTimes('crowd-7')).toEqual(['09:00', '09:01', '09:02']);
    expect(await prisma().run.count({ where: { flowSlug: { startsWith: 'crowd-' } } })).toBe(180);
  });

  test('a tick that ran already does not run again, though the clock is set back', async () => {
    await schedule('back', QUARTERS, '2026-03-29T09:15:00Z');
    await fireDueSchedules(at('09:15:01'));
    await prisma().schedule.updateMany({
      where: { flow: { slug: 'back' } },
      data: { nextAt: new Date('2026-03-29T09:15:00Z') },
    });
    expect(await fireDueSchedules(at('09:15:02'))).toBe(0);
    expect(await plannedTimes('back')).toEqual(['09:15']);
    expect(await nextAt('back')).toBe('09:30');
  });

  test('one clock that cannot be reckoned does not stop the others', async () => {
    await schedule('broken', QUARTERS, '2026-03-29T09:00:00Z');
    await prisma().schedule.updateMany({ where: { flow: { slug: 'broken' } }, data: { cron: 'nonsense' } });
    await schedule('whole', QUARTERS, '2026-03-29T09:15:00Z');
    expect(await fireDueSchedules(at('09:15:00'))).toBe(1);
    expect(await plannedTimes('whole')).toEqual(['09:15']);
    expect(await nextAt('broken')).toBe('10:15');
  });

  test('passes over a flow that is being published, without waiting for it', async () => {
    await schedule('busy', QUARTERS, '2026-03-29T09:15:00Z');
    const publisher = await pool().connect();
    await publisher.query('BEGIN');
    await publisher.query(`SELECT FROM flow WHERE slug = 'busy' FOR UPDATE`);
    expect(await fireDueSchedules(at('09:15:01'))).toBe(0);
    await publisher.query('COMMIT');
    publisher.release();
    expect(await fireDueSchedules(at('09:15:02'))).toBe(1);
  });

  test('stands in the line that the flow asks for', async () => {
    await schedule('line', QUARTERS, '2026-03-29T09:15:00Z');
    await api.call('PUT /flows/line', {
      ...scheduleFlow('line', QUARTERS),
      settings: { concurrency: { key: { $expr: 'trigger.body.plannedAt' }, limit: 1 } },
    });
    await api.call('POST /flows/line/publish');
    expect(await nextAt('line')).toBe('09:15');
    await fireDueSchedules(at('09:15:01'));
    expect(await prisma().run.findFirst({ where: { flowSlug: 'line' } })).toMatchObject({
      concurrencyKey: '=2026-03-29T09:15:00.000Z',
      concurrencyLimit: 1,
      versionNumber: 2,
    });
  });
});

describe('over the changes of the clocks', () => {
  /** Every run that a clock starts while time goes by, a minute at a time, and each minute twice. */
  function runThrough(cron: string, timezone: string, span: { from: string; minutes: number }): string[] {
    const start = Date.parse(span.from);
    let nextAt = planTick(
      { cron, timezone, missed: 'once', nextAt: new Date(start) },
      new Date(start),
    ).nextAt;
    const fired: string[] = [];
    for (let minute = 0; minute <= span.minutes; minute++) {
      for (const second of [0, 30]) {
        const now = new Date(start + minute * 60_000 + second * 1_000);
        if (nextAt > now) continue;
        const planned = planTick({ cron, timezone, missed: 'once', nextAt }, now);
        if (planned.fireAt) fired.push(planned.fireAt.toISOString().slice(5, 16));
        nextAt = planned.nextAt;
      }
    }
    return fired;
  }

  test.each([
    ['30 2 * * *', 'America/New_York', '2026-03-08T05:00:00Z', ['03-08T07:00']],
    ['30 1 * * *', 'America/New_York', '2026-11-01T04:00:00Z', ['11-01T05:30']],
    ['30 2 * * *', 'Europe/Berlin', '2026-03-29T00:00:00Z', ['03-29T01:00']],
    ['30 2 * * *', 'Europe/Berlin', '2026-10-24T23:00:00Z', ['10-25T00:30']],
    ['15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T14:00:00Z', ['10-03T15:30']],
    ['45 1 * * *', 'Australia/Lord_Howe', '2026-04-04T14:00:00Z', ['04-04T14:45']],
    ['0 0 * * *', 'America/Sao_Paulo', '2026-10-18T02:00:00Z', ['10-18T03:00']],
    ['45 0 * * *', 'Asia/Kathmandu', '2026-10-25T18:00:00Z', ['10-25T19:00']],
    [
      '0 * * * *',
      'Europe/Berlin',
      '2026-10-24T23:30:00Z',
      ['10-25T00:00', '10-25T01:00', '10-25T02:00', '10-25T03:00', '10-25T04:00', '10-25T05:00'],
    ],
  ])('%s in %s', (cron, timezone, from, expected) => {
    expect(runThrough(cron, timezone, { from, minutes: 345 })).toEqual(expected);
  });
});

describe('Ticker', () => {
  test('two workers, a clock that is moved: every tick runs once', async () => {
    await schedule('live', EVERY_MINUTE, '2026-03-29T09:00:00Z');
    // A minute goes by in two seconds.
    const begun = performance.now();
    const base = Date.parse('2026-03-29T08:59:30Z');
    const now = () => base + (performance.now() - begun) * 30;
    const tickers = [
      new Ticker({ pool: pool(), due: ALWAYS_DUE, now }),
      new Ticker({ pool: pool(), due: ALWAYS_DUE, now }),
    ];
    for (const ticker of tickers) ticker.start();
    await waitFor('three ticks', async () => (await plannedTimes('live')).length >= 3);
    await Promise.all(tickers.map((ticker) => ticker.stop()));
    const times = await plannedTimes('live');
    expect(times.slice(0, 3)).toEqual(['09:00', '09:01', '09:02']);
    expect(new Set(times).size).toBe(times.length);
  });
});
