import { z } from 'zod';

import {
  iterationListQuerySchema,
  iterationListSchema,
  iterationStepsSchema,
  loopPathSchema,
  loopsQuerySchema,
  loopsSchema,
} from '#core/api/loops.ts';
import { NODE_ID_PATTERN } from '#core/flow-format.ts';
import { defineRoute, type Route } from '#server/api/route.ts';
import { listIterations, readLoops } from '#server/runs/read-loops.ts';
import { readIteration } from '#server/runs/read-iteration.ts';

const tag = 'Runs';
const params = z.object({ id: z.uuid() });
const loopParams = params.extend({ nodeId: z.string().regex(NODE_ID_PATTERN) });

export const loopRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/runs/{id}/loops',
    id: 'readLoops',
    tag,
    summary: 'How far the loops of a run have come',
    description: 'Counts instead of steps: for runs with many items.',
    action: 'run:read',
    params,
    query: loopsQuerySchema,
    replies: { 200: { description: 'The loops, and the nodes inside of them.', schema: loopsSchema } },
    handle: async ({ actor, params: { id }, query }) => ({
      status: 200,
      body: await readLoops({ workspaceId: actor.workspaceId, id }, query),
    }),
  }),
  defineRoute({
    method: 'GET',
    path: '/runs/{id}/loops/{nodeId}/iterations',
    id: 'listIterations',
    tag,
    summary: 'The iterations of a loop that began, in the order of its items',
    action: 'run:read',
    params: loopParams,
    query: iterationListQuerySchema,
    replies: { 200: { description: 'A page of iterations.', schema: iterationListSchema } },
    handle: async ({ actor, params: { id, nodeId }, query }) => ({
      status: 200,
      body: await listIterations({ workspaceId: actor.workspaceId, id }, nodeId, query),
    }),
  }),
  defineRoute({
    method: 'GET',
    path: '/runs/{id}/loops/{nodeId}/iterations/{key}',
    id: 'readIteration',
    tag,
    summary: 'The steps of one iteration',
    description: 'With those of the iterations around it; without those of loops inside of it.',
    action: 'run:read',
    params: loopParams.extend({ key: loopPathSchema }),
    replies: {
      200: { description: 'The steps, in the order in which they began.', schema: iterationStepsSchema },
    },
    handle: async ({ actor, params: { id, nodeId, key } }) => ({
      status: 200,
      body: await readIteration({ workspaceId: actor.workspaceId, id }, { nodeId, key }),
    }),
  }),
];
