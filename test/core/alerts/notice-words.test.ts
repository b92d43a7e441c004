import { describe, expect, test } from 'vitest';

import { alertPath, alertWords, time } from '#core/alerts/alert-words.ts';
import {
  noticeText,
  noticeTitle,
  slackMessage,
  webhookBody,
  type AlertNewsItem,
} from '#core/alerts/notice-words.ts';
import { alertKindSchema, type Alert } from '#core/api/alerts.ts';

const RUN = '019f0000-0000-7000-8000-000000000001';
const ALERT: Alert = {
  ...{ id: RUN, ruleId: null, kind: 'error_rate', subject: 'orders', flow: 'orders' },
  ...{ title: 'Orders <3: 40 % of runs fail', detail: 'Of 10 runs.', value: 40, worst: 40, threshold: 20 },
  ...{ state: 'open', openedAt: '2026-01-10T10:00:00.000Z', resolvedAt: null, runId: RUN, nodeId: 'post' },
};
const opened: AlertNewsItem = { event: 'opened', at: ALERT.openedAt, alert: ALERT };
const resolved: AlertNewsItem = { ...opened, event: 'resolved', at: '2026-01-10T11:00:00.000Z' };
const context = { publicUrl: 'https://flows.example.com', workspace: { slug: 'main', name: 'Main' } };

describe('a notice', () => {
  test('of one alert says it, of many how many', () => {
    expect(noticeTitle([opened])).toBe(ALERT.title);
    expect(noticeTitle([resolved])).toBe(`Resolved: ${ALERT.title}`);
    expect(noticeTitle([opened, opened, resolved])).toBe('Alerts: 2 new, 1 resolved');
  });

  test('leads to the failing step', () => {
    expect(noticeText([opened], context)).toContain(`https://flows.example.com/runs/${RUN}?node=post`);
  });

  test('names twenty and counts the rest', () => {
    const text = noticeText(
      Array.from({ length: 23 }, () => opened),
      context,
    );
    expect(text.split(ALERT.title)).toHaveLength(21);
    expect(text).toContain('and 3 more');
  });

  test('keeps a name from being read as a mark of Slack', () => {
    expect(slackMessage([opened], context).text).toContain('Orders &lt;3: 40 %');
  });

  test('gives a program the kind of event and the alerts', () => {
    expect(webhookBody([opened, resolved], context, 'now')).toMatchObject({
      type: 'alert.changed',
      data: { workspace: 'main', alerts: [{ event: 'opened', flow: 'orders' }, { event: 'resolved' }] },
    });
    expect(webhookBody([resolved], context, 'now')).toMatchObject({ type: 'alert.resolved' });
  });
});

test.each(alertKindSchema.options)('%s has words and a place to look into it', (kind) => {
  const facts = {
    name: 'Orders',
    flow: 'orders',
    samples: 1,
    windowSeconds: 900,
    message: 'It answered 503.',
    runId: null,
    nodeId: null,
  };
  const { title, detail } = alertWords({ kind, value: 12, threshold: 10, facts });
  expect(title).toMatch(/\w/);
  expect(detail).toContain('It answered 503.');
  expect(alertPath({ kind, flow: facts.flow, runId: null, nodeId: null })).toMatch(/^\/[a-z]/);
});

test('times are short', () => {
  expect([0.5, 12, 180, 7_200, 432_000].map(time)).toEqual(['500 ms', '12 s', '3 min', '2 h', '5 days']);
});
