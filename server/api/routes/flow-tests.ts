import { z } from 'zod';

import {
  createFlowTestSchema,
  flowTestListSchema,
  flowTestRunSchema,
  flowTestSchema,
  runFlowTestsSchema,
  updateFlowTestSchema,
} from '#core/api/flow-tests.ts';
import { slugSchema } from '#core/flow-document.ts';
import { defineRoute, type Route } from '#server/api/route.ts';
import { createFlowTest, deleteFlowTest, updateFlowTest } from '#server/flow-tests/change-flow-tests.ts';
import { listFlowTests } from '#server/flow-tests/list-flow-tests.ts';
import { readFlowTestRun, runFlowTests } from '#server/flow-tests/run-flow-tests.ts';

const tag = 'Flow tests';
const params = z.object({ slug: slugSchema });
const testParams = params.extend({ id: z.uuid() });
/** Recorded answers may be long. */
const maxBodyBytes = 10 * 1_048_576;

export const flowTestRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/flows/{slug}/tests',
    id: 'listFlowTests',
    tag,
    summary: 'The tests of a flow, oldest first',
    action: 'flow:read',
    params,
    replies: { 200: { description: 'All tests.', schema: flowTestListSchema } },
    handle: async ({ actor, params: { slug } }) => ({
      status: 200,
      body: { data: await listFlowTests(actor.workspaceId, slug) },
    }),
  }),
  defineRoute({
    method: 'POST',
    path: '/flows/{slug}/tests',
    id: 'createFlowTest',
    tag,
    summary: 'Add a test to a flow',
    description:
      'With `runId` it takes the event of that run, its time and what its calls answered. In a test, calls answer so and nothing leaves.',
    action: 'flow:edit',
    params,
    body: createFlowTestSchema,
    maxBodyBytes,
    replies: {
      201: { description: 'The test.', schema: flowTestSchema },
      409: { description: 'The flow has 200 tests.' },
    },
    handle: async ({ actor, params: { slug }, body }) => ({
      status: 201,
      body: await createFlowTest(actor, slug, body),
    }),
  }),
  defineRoute({
    method: 'PATCH',
    path: '/flows/{slug}/tests/{id}',
    id: 'updateFlowTest',
    tag,
    summary: 'Change a test',
    action: 'flow:edit',
    params: testParams,
    body: updateFlowTestSchema,
    maxBodyBytes,
    replies: { 200: { description: 'The test.', schema: flowTestSchema } },
    handle: async ({ actor, params: target, body }) => ({
      status: 200,
      body: await updateFlowTest(actor, target, body),
    }),
  }),
  defineRoute({
    method: 'DELETE',
    path: '/flows/{slug}/tests/{id}',
    id: 'deleteFlowTest',
    tag,
    summary: 'Delete a test',
    action: 'flow:edit',
    params: testParams,
    replies: { 204: { description: 'Deleted.' } },
    handle: async ({ actor, params: target }) => {
      await deleteFlowTest(actor, target);
      return { status: 204 };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/flows/{slug}/tests/run',
    id: 'runFlowTests',
    tag,
    summary: 'Run the tests of a flow',
    description:
      'Of the draft, or of a version. A worker carries them out with the same engine as runs; calls answer with what the tests have, nothing leaves, and no run comes of it. The reply comes when they are done, or after `wait` seconds.',
    action: 'run:start',
    params,
    body: runFlowTestsSchema,
    replies: {
      200: { description: 'What each came to, and which ways they took.', schema: flowTestRunSchema },
      202: { description: 'No worker has done it yet.', schema: flowTestRunSchema },
      409: { description: 'The flow is not published.' },
      422: { description: 'The draft has faults, or there is no such test.' },
    },
    handle: async ({ actor, params: { slug }, body, signal }) => {
      const done = await runFlowTests(actor, slug, { ...body, signal });
      return { status: done.status === 'done' ? 200 : 202, body: done };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/flows/{slug}/tests/runs/{id}',
    id: 'readFlowTestRun',
    tag,
    summary: 'What tests came to',
    description: 'Kept for an hour.',
    action: 'flow:read',
    params: testParams,
    replies: { 200: { description: 'The run of the tests.', schema: flowTestRunSchema } },
    handle: async ({ actor, params: target }) => ({
      status: 200,
      body: await readFlowTestRun(actor.workspaceId, target),
    }),
  }),
];
