import { z } from 'zod';

import { listQuerySchema } from '#core/api/common.ts';
import {
  flowListQuerySchema,
  flowListSchema,
  flowStatsSchema,
  flowSummarySchema,
  flowVersionDetailSchema,
  flowVersionListSchema,
  openRunsSchema,
  publishReplySchema,
  publishRequestSchema,
  rollbackRequestSchema,
  startRunRequestSchema,
  statsQuerySchema,
  versionNumberSchema,
} from '#core/api/flows.ts';
import { runSchema } from '#core/api/runs.ts';
import { fieldsReplySchema, fieldsRequestSchema } from '#core/api/fields.ts';
import { flowDocumentSchema, slugSchema } from '#core/flow-document.ts';
import { defineRoute, type Route, type RouteReply } from '#server/api/route.ts';
import { deleteFlow } from '#server/flows/delete-flow.ts';
import { findFields } from '#server/flows/find-fields.ts';
import { listFlows, readFlowSummary } from '#server/flows/list-flows.ts';
import { listVersions, readVersion } from '#server/flows/list-versions.ts';
import { publishFlow, unpublishFlow } from '#server/flows/publish-flow.ts';
import { readDraft } from '#server/flows/read-draft.ts';
import { readOpenRuns } from '#server/flows/read-open-runs.ts';
import { readFlowStats } from '#server/flows/read-flow-stats.ts';
import { rollbackFlow } from '#server/flows/rollback-flow.ts';
import { createFlow, putDraft, type SavedDraft } from '#server/flows/save-draft.ts';
import { startRun } from '#server/runs/start-run.ts';

const tag = 'Flows';
const params = z.object({ slug: slugSchema });
/** 2,000 nodes with long code in their settings still fit. */
const maxBodyBytes = 5 * 1_048_576;

const etagHeaders = ['ETag'];

export const flowRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/flows',
    id: 'listFlows',
    tag,
    summary: 'The flows of the workspace',
    action: 'flow:read',
    query: flowListQuerySchema,
    replies: { 200: { description: 'A page of flows.', schema: flowListSchema } },
    handle: async ({ actor, query }) => ok(await listFlows(actor.workspaceId, query)),
  }),
  defineRoute({
    method: 'POST',
    path: '/flows',
    id: 'createFlow',
    tag,
    summary: 'Create a flow',
    description:
      'The document becomes the draft. What keeps it from being published is allowed; what breaks its structure is refused, every fault listed with its pointer.',
    action: 'flow:edit',
    body: z.unknown(),
    documentedBody: flowDocumentSchema,
    maxBodyBytes,
    replies: {
      201: {
        description: 'The draft, defaults filled in.',
        schema: flowDocumentSchema,
        headers: ['ETag', 'Location'],
      },
      409: { description: 'The slug is taken.' },
      422: { description: 'The document has faults.' },
    },
    handle: async ({ actor, body }) => savedReply(await createFlow(actor, body)),
  }),
  defineRoute({
    method: 'GET',
    path: '/flows/{slug}',
    id: 'readFlow',
    tag,
    summary: 'The draft, which is also the export',
    action: 'flow:read',
    params,
    replies: {
      200: { description: 'The draft document.', schema: flowDocumentSchema, headers: etagHeaders },
    },
    handle: async ({ actor, params: { slug } }) => {
      const { document, etag } = await readDraft(actor.workspaceId, slug);
      return { status: 200, body: document, headers: { ETag: etag } };
    },
  }),
  defineRoute({
    method: 'PUT',
    path: '/flows/{slug}',
    id: 'putFlow',
    tag,
    summary: 'Create a flow or replace its draft',
    description:
      'With `If-Match`, the draft is replaced only if nobody saved it since you read it: otherwise 412 with its present ETag. The slug in the document must be the one in the address.',
    action: 'flow:edit',
    params,
    body: z.unknown(),
    documentedBody: flowDocumentSchema,
    maxBodyBytes,
    requestHeaders: { 'If-Match': 'The ETag of the draft that you read.' },
    replies: {
      200: {
        description: 'The replaced draft, defaults filled in.',
        schema: flowDocumentSchema,
        headers: etagHeaders,
      },
      201: {
        description: 'The draft of a new flow.',
        schema: flowDocumentSchema,
        headers: ['ETag', 'Location'],
      },
      412: { description: 'The draft is another by now; `ETag` names it.', headers: etagHeaders },
      422: { description: 'The document has faults.' },
    },
    handle: async ({ actor, params: { slug }, body, headers }) =>
      savedReply(await putDraft(actor, slug, { document: body, ifMatch: headers.get('if-match') })),
  }),
  defineRoute({
    method: 'DELETE',
    path: '/flows/{slug}',
    id: 'deleteFlow',
    tag,
    summary: 'Delete a flow',
    description: 'Its draft and its hook go. Its versions, runs and events stay, and runs under way go on.',
    action: 'flow:delete',
    params,
    replies: { 204: { description: 'Deleted.' } },
    handle: async ({ actor, params: { slug } }) => {
      await deleteFlow(actor, slug);
      return { status: 204 };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/flows/{slug}/summary',
    id: 'readFlowSummary',
    tag,
    summary: 'A flow as lists show it',
    action: 'flow:read',
    params,
    replies: { 200: { description: 'The flow.', schema: flowSummarySchema } },
    handle: async ({ actor, params: { slug } }) => ok(await readFlowSummary(actor.workspaceId, slug)),
  }),
  defineRoute({
    method: 'POST',
    path: '/flows/{slug}/fields',
    id: 'findFields',
    tag,
    summary: 'When fields were last in the data of the runs, and since when they are missing',
    description: 'Looks at the newest 100 runs at most; data over 256 kB is passed over.',
    action: 'run:read',
    params,
    body: fieldsRequestSchema,
    replies: { 200: { description: 'What is known of each field.', schema: fieldsReplySchema } },
    handle: async ({ actor, params: { slug }, body }) =>
      ok(await findFields(actor.workspaceId, slug, body.paths)),
  }),
  defineRoute({
    method: 'GET',
    path: '/flows/{slug}/stats',
    id: 'readFlowStats',
    tag,
    summary: 'Counts and times of a flow',
    description:
      '`accepted` is always the sum of `runs` plus `deduplicated`. Repeats count in the window in which their event was first accepted.',
    action: 'run:read',
    params,
    query: statsQuerySchema,
    replies: { 200: { description: 'What the flow did in the window.', schema: flowStatsSchema } },
    handle: async ({ actor, params: { slug }, query }) =>
      ok(await readFlowStats(actor.workspaceId, slug, query)),
  }),
  defineRoute({
    method: 'GET',
    path: '/flows/{slug}/open-runs',
    id: 'readOpenRuns',
    tag,
    summary: 'The runs that have not ended, by version',
    description:
      'Each run finishes on the version that it began with, whatever is published meanwhile. One entry for each version that has such runs.',
    action: 'run:read',
    params,
    replies: { 200: { description: 'How many there are, and where they wait.', schema: openRunsSchema } },
    handle: async ({ actor, params: { slug } }) => ok(await readOpenRuns(actor.workspaceId, slug)),
  }),
  defineRoute({
    method: 'POST',
    path: '/flows/{slug}/publish',
    id: 'publishFlow',
    tag,
    summary: 'Publish the draft',
    description:
      'Makes an immutable version that new events run from now on. A draft that equals the published version makes no new one.',
    action: 'flow:publish',
    params,
    body: publishRequestSchema,
    requestHeaders: { 'If-Match': 'The ETag of the draft that you mean to publish.' },
    replies: {
      200: { description: 'The version that runs now.', schema: publishReplySchema },
      412: { description: 'The draft is another by now; `ETag` names it.', headers: etagHeaders },
      422: { description: 'The draft has faults, all of them listed.' },
    },
    handle: async ({ actor, params: { slug }, body, headers }) =>
      ok(await publishFlow(actor, slug, { note: body.note, ifMatch: headers.get('if-match') })),
  }),
  defineRoute({
    method: 'POST',
    path: '/flows/{slug}/unpublish',
    id: 'unpublishFlow',
    tag,
    summary: 'Take a flow off the air',
    description:
      'Its hook answers 410 until it is published again, at the same address. Runs under way go on.',
    action: 'flow:publish',
    params,
    replies: { 200: { description: 'The flow, not published.', schema: flowSummarySchema } },
    handle: async ({ actor, params: { slug } }) => {
      await unpublishFlow(actor, slug);
      return ok(await readFlowSummary(actor.workspaceId, slug));
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/flows/{slug}/versions',
    id: 'listFlowVersions',
    tag,
    summary: 'The versions of a flow, newest first',
    action: 'flow:read',
    params,
    query: listQuerySchema,
    replies: { 200: { description: 'A page of versions.', schema: flowVersionListSchema } },
    handle: async ({ actor, params: { slug }, query }) =>
      ok(await listVersions(actor.workspaceId, slug, query)),
  }),
  defineRoute({
    method: 'GET',
    path: '/flows/{slug}/versions/{version}',
    id: 'readFlowVersion',
    tag,
    summary: 'One version with its document',
    action: 'flow:read',
    params: params.extend({ version: z.coerce.number().pipe(versionNumberSchema) }),
    replies: { 200: { description: 'The version.', schema: flowVersionDetailSchema } },
    handle: async ({ actor, params: { slug, version } }) =>
      ok(await readVersion(actor.workspaceId, slug, version)),
  }),
  defineRoute({
    method: 'POST',
    path: '/flows/{slug}/rollback',
    id: 'rollbackFlow',
    tag,
    summary: 'Publish an earlier version again',
    description: 'Its document becomes a new version. The draft is left alone.',
    action: 'flow:publish',
    params,
    body: rollbackRequestSchema,
    replies: {
      200: { description: 'The version that runs now.', schema: publishReplySchema },
      422: { description: 'There is no such version, or it cannot run any more.' },
    },
    handle: async ({ actor, params: { slug }, body }) => ok(await rollbackFlow(actor, slug, body)),
  }),
  defineRoute({
    method: 'POST',
    path: '/flows/{slug}/runs',
    id: 'startRun',
    tag,
    summary: 'Start a run by hand',
    description:
      'The input of a flow that starts from a webhook is the request, `{ "body", "headers", "query", "method" }`, each optional. With `wait` the reply comes when the run ends, at the latest after that many seconds.',
    action: 'run:start',
    params,
    body: startRunRequestSchema,
    replies: {
      200: {
        description: 'The run, which ended while the call waited.',
        schema: runSchema,
        headers: ['Location'],
      },
      202: {
        description: 'The run, which is queued or under way.',
        schema: runSchema,
        headers: ['Location'],
      },
      409: { description: 'The flow is not published.' },
      422: { description: 'The input does not match the schema of the flow, or the draft has faults.' },
    },
    handle: async ({ actor, params: { slug }, body, signal }) => {
      const run = await startRun(actor, slug, { ...body, signal });
      return {
        status: run.finishedAt ? 200 : 202,
        body: run,
        headers: { Location: `/api/v1/runs/${run.id}` },
      };
    },
  }),
];

function ok(body: unknown): RouteReply {
  return { status: 200, body };
}

function savedReply({ document, etag, created }: SavedDraft): RouteReply {
  if (!created) return { status: 200, body: document, headers: { ETag: etag } };
  const headers = { ETag: etag, Location: `/api/v1/flows/${document.slug}` };
  return { status: 201, body: document, headers };
}
