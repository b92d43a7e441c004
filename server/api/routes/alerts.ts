import { z } from 'zod';

import {
  alertChannelListSchema,
  alertChannelSchema,
  alertListQuerySchema,
  alertListSchema,
  alertRuleListSchema,
  alertRuleSchema,
  alertTestSchema,
  createAlertChannelSchema,
  createAlertRuleSchema,
  createdAlertChannelSchema,
  patchAlertChannelSchema,
  patchAlertRuleSchema,
} from '#core/api/alerts.ts';
import {
  createAlertChannel,
  deleteAlertChannel,
  listAlertChannels,
  patchAlertChannel,
} from '#server/alerts/alert-channels.ts';
import {
  createAlertRule,
  deleteAlertRule,
  listAlertRules,
  patchAlertRule,
} from '#server/alerts/alert-rules.ts';
import { listAlerts } from '#server/alerts/list-alerts.ts';
import { testAlertChannel } from '#server/alerts/test-channel.ts';
import { defineRoute, type Route } from '#server/api/route.ts';

const tag = 'Alerts';
const params = z.object({ id: z.uuid() });
const faulty = { description: 'Something in it cannot be; every fault is listed.' };

export const alertRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/alerts',
    id: 'listAlerts',
    tag,
    summary: 'Alerts, open and over',
    description: 'Those opened last come first. Alerts that are over are kept for 90 days.',
    action: 'alert:read',
    query: alertListQuerySchema,
    replies: { 200: { description: 'A page of alerts.', schema: alertListSchema } },
    handle: async ({ actor, query }) => ({ status: 200, body: await listAlerts(actor.workspaceId, query) }),
  }),
  defineRoute({
    method: 'GET',
    path: '/alert-rules',
    id: 'listAlertRules',
    tag,
    summary: 'What alerts are raised for',
    action: 'alert:read',
    replies: { 200: { description: 'The oldest first.', schema: alertRuleListSchema } },
    handle: async ({ actor }) => ({ status: 200, body: { data: await listAlertRules(actor.workspaceId) } }),
  }),
  defineRoute({
    method: 'POST',
    path: '/alert-rules',
    id: 'createAlertRule',
    tag,
    summary: 'Make an alert rule',
    description:
      'Looked after about every 10 s, by web processes as well as workers. What you leave out is as its kind has it.',
    action: 'alert:manage',
    body: createAlertRuleSchema,
    replies: {
      201: { description: 'The rule.', schema: alertRuleSchema },
      409: { description: 'There are 100 rules already.' },
      422: faulty,
    },
    handle: async ({ actor, body }) => ({ status: 201, body: await createAlertRule(actor, body) }),
  }),
  defineRoute({
    method: 'PATCH',
    path: '/alert-rules/{id}',
    id: 'updateAlertRule',
    tag,
    summary: 'Change an alert rule',
    description: 'Switched off, or for another flow, it ends its open alerts, and tells nobody.',
    action: 'alert:manage',
    params,
    body: patchAlertRuleSchema,
    replies: { 200: { description: 'The rule.', schema: alertRuleSchema }, 422: faulty },
    handle: async ({ actor, params: { id }, body }) => ({
      status: 200,
      body: await patchAlertRule(actor, id, body),
    }),
  }),
  defineRoute({
    method: 'DELETE',
    path: '/alert-rules/{id}',
    id: 'deleteAlertRule',
    tag,
    summary: 'Delete an alert rule',
    description: 'Its open alerts end, and nobody is told.',
    action: 'alert:manage',
    params,
    replies: { 204: { description: 'Deleted.' } },
    handle: async ({ actor, params: { id } }) => {
      await deleteAlertRule(actor, id);
      return { status: 204 };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/alert-channels',
    id: 'listAlertChannels',
    tag,
    summary: 'Where alerts are told',
    description: 'Addresses of webhooks and Slack are secrets: only their host is shown.',
    action: 'alert:read',
    replies: { 200: { description: 'By name.', schema: alertChannelListSchema } },
    handle: async ({ actor }) => ({
      status: 200,
      body: { data: await listAlertChannels(actor.workspaceId) },
    }),
  }),
  defineRoute({
    method: 'POST',
    path: '/alert-channels',
    id: 'createAlertChannel',
    tag,
    summary: 'Make an alert channel',
    description:
      'E-mail, a webhook signed as Standard Webhooks says, or an incoming webhook of Slack. The reply shows a webhook’s signing secret this once.',
    action: 'alert:manage',
    body: createAlertChannelSchema,
    replies: { 201: { description: 'The channel.', schema: createdAlertChannelSchema }, 422: faulty },
    handle: async ({ actor, body }) => ({ status: 201, body: await createAlertChannel(actor, body) }),
  }),
  defineRoute({
    method: 'PATCH',
    path: '/alert-channels/{id}',
    id: 'updateAlertChannel',
    tag,
    summary: 'Change an alert channel',
    action: 'alert:manage',
    params,
    body: patchAlertChannelSchema,
    replies: { 200: { description: 'The channel.', schema: alertChannelSchema }, 422: faulty },
    handle: async ({ actor, params: { id }, body }) => ({
      status: 200,
      body: await patchAlertChannel(actor, id, body),
    }),
  }),
  defineRoute({
    method: 'DELETE',
    path: '/alert-channels/{id}',
    id: 'deleteAlertChannel',
    tag,
    summary: 'Delete an alert channel',
    description: 'What it was still to tell is not told.',
    action: 'alert:manage',
    params,
    replies: { 204: { description: 'Deleted.' } },
    handle: async ({ actor, params: { id } }) => {
      await deleteAlertChannel(actor, id);
      return { status: 204 };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/alert-channels/{id}/test',
    id: 'testAlertChannel',
    tag,
    summary: 'Send a test by a channel',
    description: 'Sends at once, also in quiet hours, and says what the far end said.',
    action: 'alert:manage',
    params,
    replies: { 200: { description: 'What came of it.', schema: alertTestSchema } },
    handle: async ({ actor, params: { id } }) => ({ status: 200, body: await testAlertChannel(actor, id) }),
  }),
];
