import type pg from 'pg';

import type { AlertNewsItem } from '#core/alerts/notice-words.ts';

/** The notices of a rule on a channel: one that still collects, and when the last one was due. */
export interface NoticeState {
  /** Not tried yet: what comes now goes with it. Locked to the end of the transaction. */
  readonly collecting: string | null;
  readonly lastDueAt: Date | null;
}

export async function readNoticeState(
  client: pg.ClientBase,
  { ruleId, channelId }: { readonly ruleId: string; readonly channelId: string },
): Promise<NoticeState> {
  const { rows: open } = await client.query<{ id: string }>(
    `select id from alert_notice where rule_id = $1 and channel_id = $2 and attempts = 0 and next_attempt_at is not null
     order by due_at desc limit 1 for update skip locked`,
    [ruleId, channelId],
  );
  const { rows: last } = await client.query<{ dueAt: Date }>(
    `select due_at as "dueAt" from alert_notice where rule_id = $1 and channel_id = $2 order by due_at desc limit 1`,
    [ruleId, channelId],
  );
  return { collecting: open[0]?.id ?? null, lastDueAt: last[0]?.dueAt ?? null };
}

export async function insertNotice(
  client: pg.ClientBase,
  notice: {
    readonly id: string;
    readonly workspaceId: string;
    readonly ruleId: string;
    readonly channelId: string;
    readonly dueAt: Date;
  },
): Promise<void> {
  await client.query(
    `insert into alert_notice (id, workspace_id, rule_id, channel_id, due_at, next_attempt_at) values ($1, $2, $3, $4, $5, $5)`,
    [notice.id, notice.workspaceId, notice.ruleId, notice.channelId, notice.dueAt],
  );
}

/** Adds news to a notice; what it tells already, it tells once. */
export async function insertNews(
  client: pg.ClientBase,
  noticeId: string,
  news: AlertNewsItem,
): Promise<void> {
  await client.query(
    `insert into alert_news (notice_id, alert_id, event, at, alert) values ($1, $2, $3, $4, $5) on conflict do nothing`,
    [noticeId, news.alert.id, news.event, news.at, JSON.stringify(news.alert)],
  );
}

/** The channels that were, or are to be, told that an alert opened. */
export async function selectToldChannels(
  client: pg.ClientBase,
  alertId: string,
): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ id: string }>(
    `select n.channel_id as id from alert_news w join alert_notice n on n.id = w.notice_id
     where w.alert_id = $1 and w.event = 'opened'`,
    [alertId],
  );
  return new Set(rows.map(({ id }) => id));
}

/** A notice that this process has taken on, and where it goes. */
export interface DueNotice {
  readonly id: string;
  readonly workspaceId: string;
  readonly workspace: { readonly slug: string; readonly name: string };
  readonly channelId: string;
  /** This attempt included. */
  readonly attempts: number;
  /** When it was to go out first. */
  readonly dueAt: Date;
}

/** Takes due notices on for the next `leaseSeconds`; a process that dies with them leaves them to the next. */
export async function takeNotices(
  pool: pg.Pool,
  { limit, leaseSeconds }: { readonly limit: number; readonly leaseSeconds: number },
): Promise<DueNotice[]> {
  const { rows } = await pool.query<DueNotice>({
    name: 'take_notices',
    text: `
      with due as (
        select id from alert_notice where next_attempt_at <= now() order by next_attempt_at limit $1 for update skip locked),
      taken as (
        update alert_notice set attempts = attempts + 1, next_attempt_at = now() + $2 * interval '1 second'
        from due where alert_notice.id = due.id returning alert_notice.*)
      select n.id, n.workspace_id as "workspaceId", n.channel_id as "channelId", n.attempts, n.due_at as "dueAt",
        json_build_object('slug', workspace.slug, 'name', workspace.name) as workspace
      from taken n join workspace on workspace.id = n.workspace_id`,
    values: [limit, leaseSeconds],
  });
  return rows;
}

/**
 * What a notice tells. Read it in a statement after the one that took it on: nothing is added from then on, and what was added just
 * before is seen.
 */
export async function selectNews(pool: pg.Pool, noticeId: string): Promise<AlertNewsItem[]> {
  const { rows } = await pool.query<Omit<AlertNewsItem, 'at'> & { readonly at: Date }>(
    'select event, at, alert from alert_news where notice_id = $1 order by at, alert_id, event',
    [noticeId],
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

export async function markNoticeSent(client: pg.ClientBase | pg.Pool, id: string): Promise<void> {
  await client.query(
    'update alert_notice set sent_at = now(), next_attempt_at = null, error = null where id = $1',
    [id],
  );
}

/** @param retrySeconds null gives the notice up. */
export async function markNoticeFailed(
  pool: pg.Pool,
  id: string,
  failure: { readonly error: string; readonly retrySeconds: number | null },
): Promise<void> {
  await pool.query(
    `update alert_notice set error = $2, next_attempt_at = now() + $3 * interval '1 second' where id = $1`,
    [id, failure.error, failure.retrySeconds],
  );
}
