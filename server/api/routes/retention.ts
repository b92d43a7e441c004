import {
  putRetentionSchema,
  retentionPreviewQuerySchema,
  retentionPreviewSchema,
  retentionStateSchema,
} from '#core/api/retention.ts';
import { defineRoute, type Route } from '#server/api/route.ts';
import { previewOf, putRetention, readRetention } from '#server/retention/retention.ts';

const tag = 'Retention';
const action = 'retention:manage';

export const retentionRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/retention',
    id: 'readRetention',
    tag,
    summary: 'How long the workspace keeps what is over',
    action,
    replies: { 200: { description: 'The setting.', schema: retentionStateSchema } },
    handle: async ({ actor }) => ({ status: 200, body: await readRetention(actor.workspaceId) }),
  }),
  defineRoute({
    method: 'PUT',
    path: '/retention',
    id: 'putRetention',
    tag,
    summary: 'Change how long the workspace keeps what is over',
    description:
      'A worker removes what is too old soon after, and once an hour from then on. Runs that wait or are in doubt, open dead letters and runs that a test was made of stay, whatever their age. Without `quarantineDays`, quarantined events wait for a decision for ever.',
    action,
    body: putRetentionSchema,
    replies: { 200: { description: 'The setting.', schema: retentionStateSchema } },
    handle: async ({ actor, body }) => ({ status: 200, body: await putRetention(actor, body) }),
  }),
  defineRoute({
    method: 'GET',
    path: '/retention/preview',
    id: 'previewRetention',
    tag,
    summary: 'About what a setting would remove',
    description: 'What is left out is kept for ever. Nothing is changed.',
    action,
    query: retentionPreviewQuerySchema,
    replies: { 200: { description: 'Counts.', schema: retentionPreviewSchema } },
    handle: async ({ actor, query }) => ({ status: 200, body: await previewOf(actor.workspaceId, query) }),
  }),
];
