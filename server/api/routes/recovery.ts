import { z } from 'zod';

import {
  replayPlanSchema,
  replayRequestSchema,
  resolveRequestSchema,
  resumeRequestSchema,
  retryNowRequestSchema,
} from '#core/api/replay.ts';
import { runSchema } from '#core/api/runs.ts';
import { defineRoute, type Route } from '#server/api/route.ts';
import { resolveStep, retryStepsNow } from '#server/recovery/order-step.ts';
import { previewReplay, requestReplay } from '#server/recovery/request-replay.ts';
import { previewResume, requestResume } from '#server/recovery/request-resume.ts';

const tag = 'Runs';
const params = z.object({ id: z.uuid() });

export const recoveryRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/runs/{id}/replay',
    id: 'replayRun',
    tag,
    summary: 'Replay a run as a new one',
    description:
      'The new run has idempotency keys of its own. With `from`, steps that do not come after it are taken over and do not run again.',
    action: 'run:replay',
    params,
    body: replayRequestSchema,
    replies: {
      200: { description: 'With `dryRun`: what it would do.', schema: replayPlanSchema },
      202: { description: 'The new run, which is about to begin.', schema: runSchema },
      409: { description: 'There is no such version to run, or the event is gone.' },
      422: { description: 'It cannot begin at that step, or the input does not fit.' },
    },
    handle: async ({ actor, params: { id }, body: { dryRun, ...request } }) =>
      dryRun
        ? { status: 200, body: await previewReplay(actor, id, request) }
        : { status: 202, body: await requestReplay(actor, id, request) },
  }),
  defineRoute({
    method: 'POST',
    path: '/runs/{id}/resume',
    id: 'resumeRun',
    tag,
    summary: 'Go on with a failed run',
    description:
      'The same run goes on from the step that failed, with the same idempotency keys; finished steps are kept. Its dead letter is dealt with.',
    action: 'run:replay',
    params,
    body: resumeRequestSchema,
    replies: {
      200: { description: 'With `dryRun`: what it would do.', schema: replayPlanSchema },
      202: { description: 'The run, which is about to go on.', schema: runSchema },
      409: { description: 'The run did not fail, or cannot go on; `detail` says why.' },
      422: { description: 'The input does not fit the step.' },
    },
    handle: async ({ actor, params: { id }, body: { dryRun, ...request } }) =>
      dryRun
        ? { status: 200, body: await previewResume(actor, id, request) }
        : { status: 202, body: await requestResume(actor, id, request) },
  }),
  defineRoute({
    method: 'POST',
    path: '/runs/{id}/resolve',
    id: 'resolveStep',
    tag,
    summary: 'Settle a step in doubt',
    description:
      'A call that must not be repeated unasked may have happened when its worker went away: say whether it did.',
    action: 'run:resolve',
    params,
    body: resolveRequestSchema,
    replies: {
      202: { description: 'The run, which is about to go on.', schema: runSchema },
      409: { description: 'The run is over, or the step is not in doubt.' },
    },
    handle: async ({ actor, params: { id }, body }) => ({
      status: 202,
      body: await resolveStep(actor, id, body),
    }),
  }),
  defineRoute({
    method: 'POST',
    path: '/runs/{id}/retry',
    id: 'retryStepsNow',
    tag,
    summary: 'Make the next attempt now',
    description: 'Of one step that waits for its next attempt, or of all that do.',
    action: 'run:replay',
    params,
    body: retryNowRequestSchema,
    replies: {
      202: { description: 'The run, whose attempt is about to be made.', schema: runSchema },
      409: { description: 'The run is over, or no such step waits for its next attempt.' },
    },
    handle: async ({ actor, params: { id }, body }) => ({
      status: 202,
      body: await retryStepsNow(actor, id, body),
    }),
  }),
];
