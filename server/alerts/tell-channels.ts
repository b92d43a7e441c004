import type pg from 'pg';

import { noticeTime } from '#core/alerts/notice-time.ts';
import { toAlert } from '#server/alerts/to-alert.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { insertNews, insertNotice, readNoticeState, selectToldChannels } from '#server/sql/alert-notices.ts';
import type { AlertRow, DueRule } from '#server/sql/alert-rows.ts';

/**
 * Writes down, in the client's transaction, that the channels of a rule are to be told: with a notice that still collects, else with a new
 * one. That an alert is over is told to those who were told of it.
 */
export async function tellChannels(
  client: pg.ClientBase,
  rule: DueRule,
  news: { readonly event: 'opened' | 'resolved'; readonly alert: AlertRow; readonly at: Date },
): Promise<void> {
  const told = news.event === 'resolved' ? await selectToldChannels(client, news.alert.id) : null;
  const item = { event: news.event, at: news.at.toISOString(), alert: toAlert(news.alert) };
  for (const channel of rule.channels) {
    if (told && !told.has(channel.id)) continue;
    const state = await readNoticeState(client, { ruleId: rule.id, channelId: channel.id });
    const id = state.collecting ?? uuidv7();
    if (state.collecting === null) {
      const { workspaceId, groupSeconds, isUrgent, now } = rule;
      const { quietHours } = channel;
      const dueAt = noticeTime({ now, lastDueAt: state.lastDueAt, groupSeconds, quietHours, isUrgent });
      await insertNotice(client, { id, workspaceId, ruleId: rule.id, channelId: channel.id, dueAt });
    }
    await insertNews(client, id, item);
  }
}
