import { z } from 'zod';

import { compareQuerySchema, runComparisonSchema } from '#core/api/compare-runs.ts';
import { jsonPartSchema, partQuerySchema } from '#core/api/run-parts.ts';
import {
  runChangeSchema,
  runListQuerySchema,
  runListSchema,
  runQuerySchema,
  runSchema,
} from '#core/api/runs.ts';
import { cutValues } from '#core/json-part/cut-values.ts';
import { slugSchema } from '#core/flow-document.ts';
import { defineRoute, type Route } from '#server/api/route.ts';
import { cancelRun } from '#server/runs/cancel-run.ts';
import { compareTwoRuns } from '#server/runs/compare-runs.ts';
import { listRuns } from '#server/runs/list-runs.ts';
import { readPart } from '#server/runs/read-part.ts';
import { readRun } from '#server/runs/read-run.ts';
import { oneRunStream, runChangeStream } from '#server/runs/run-change-stream.ts';

const tag = 'Runs';
const params = z.object({ id: z.uuid() });

const streamReply = {
  description:
    'Server-sent events: the data of each is a changed run, `{ "id", "flow", "status" }`; read again what you show. An event named `gap` says that changes may have been missed.',
  schema: runChangeSchema,
  contentType: 'text/event-stream',
};

export const runRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/runs',
    id: 'listRuns',
    tag,
    summary: 'The runs of the workspace, newest first',
    description:
      '`q` that is the business key of a run (`4711`, `order 4711`) finds exactly the runs that have it. Fields of the event are found by their place (`body.customer.id = 42`, `headers.x-shop = acme`, `query.page = 2`), or by their name alone, anywhere in the body (`number:4711`); several are joined by `and`. They are compared as text and, where the value reads like one, as number, `true`, `false` or `null`; lists on the way are looked through; bodies have to be JSON. Anything else is sought as text, in the id of a run (its beginning), its flow, its error, its business key, the key of its event, and the first 64 KiB of the event’s body. A search that takes longer than 10 seconds is given up with 422.',
    action: 'run:read',
    query: runListQuerySchema,
    replies: {
      200: { description: 'A page of runs.', schema: runListSchema },
      422: { description: 'The search takes too long: narrow it.' },
    },
    handle: async ({ actor, query }) => ({ status: 200, body: await listRuns(actor.workspaceId, query) }),
  }),
  defineRoute({
    method: 'GET',
    path: '/runs/stream',
    id: 'streamRuns',
    tag,
    summary: 'Follow which runs change',
    action: 'run:read',
    query: z.object({ flow: slugSchema.optional() }),
    replies: { 200: streamReply },
    handle: ({ actor, query }) =>
      Promise.resolve({
        status: 200,
        stream: runChangeStream({ workspaceId: actor.workspaceId, flow: query.flow }),
      }),
  }),
  defineRoute({
    method: 'GET',
    path: '/runs/{id}',
    id: 'readRun',
    tag,
    summary: 'One run with its steps',
    description: 'With its event as expressions see it, and the document that it is pinned to.',
    action: 'run:read',
    params,
    query: runQuerySchema,
    replies: { 200: { description: 'The run.', schema: runSchema } },
    handle: async ({ actor, params: { id }, query: { loops, values } }) => {
      const run = await readRun(actor.workspaceId, id, { isFolded: loops === 'folded' });
      return { status: 200, body: values === 'cut' ? cutValues(run) : run };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/runs/{id}/part',
    id: 'readRunPart',
    tag,
    summary: 'Part of a large value of a run',
    description:
      'Some entries of a list or an object, or some characters of a text. Large entries are told by their kind and size: ask for them by their pointer.',
    action: 'run:read',
    params,
    query: partQuerySchema,
    replies: { 200: { description: 'The part.', schema: jsonPartSchema } },
    handle: async ({ actor, params: { id }, query }) => ({
      status: 200,
      body: await readPart({ workspaceId: actor.workspaceId, id }, query),
    }),
  }),
  defineRoute({
    method: 'GET',
    path: '/runs/{id}/compare',
    id: 'compareRuns',
    tag,
    summary: 'Compare a run with another of its flow',
    description:
      'Where they part, and for each step what differs: only the places that do, as JSON pointers with the value before and after. Without `with`: the run beside the last one that succeeded.',
    action: 'run:read',
    params,
    query: compareQuerySchema,
    replies: {
      200: { description: 'The two runs, step by step.', schema: runComparisonSchema },
      422: { description: 'They are runs of two flows.' },
    },
    handle: async ({ actor, params: { id }, query }) => ({
      status: 200,
      body: await compareTwoRuns({ workspaceId: actor.workspaceId, id, with: query.with }),
    }),
  }),
  defineRoute({
    method: 'GET',
    path: '/runs/{id}/stream',
    id: 'streamRun',
    tag,
    summary: 'Follow one run',
    description: 'The first event tells the run’s present status.',
    action: 'run:read',
    params,
    replies: { 200: streamReply },
    handle: async ({ actor, params: { id } }) => ({
      status: 200,
      stream: await oneRunStream(actor.workspaceId, id),
    }),
  }),
  defineRoute({
    method: 'POST',
    path: '/runs/{id}/cancel',
    id: 'cancelRun',
    tag,
    summary: 'Cancel a run',
    description:
      'Asks for it: the run ends cancelled as soon as its worker sees that. A call in flight is given up.',
    action: 'run:cancel',
    params,
    replies: {
      202: { description: 'The run, which is about to be cancelled.', schema: runSchema },
      409: { description: 'The run has ended already.' },
    },
    handle: async ({ actor, params: { id } }) => ({ status: 202, body: await cancelRun(actor, id) }),
  }),
];
