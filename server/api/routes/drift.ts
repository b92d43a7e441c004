import { z } from 'zod';

import {
  acceptDriftSchema,
  discardedQuarantinedSchema,
  discardQuarantinedSchema,
  driftListSchema,
  driftQuerySchema,
  quarantineListSchema,
  quarantineQuerySchema,
  replayedQuarantinedSchema,
  replayQuarantinedSchema,
} from '#core/api/drift.ts';
import { defineRoute, type Route } from '#server/api/route.ts';
import { acceptDrift } from '#server/drift/accept-drift.ts';
import { listDrift } from '#server/drift/list-drift.ts';
import { discardQuarantined } from '#server/quarantine/discard-quarantined.ts';
import { listQuarantined } from '#server/quarantine/list-quarantined.ts';
import { replayQuarantined } from '#server/quarantine/replay-quarantined.ts';

const tag = 'Drift';

export const driftRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/drift',
    id: 'listDrift',
    tag,
    summary: 'What flows get otherwise than before',
    description:
      'Patchbay learns what bodies of triggers and outputs of steps look like. Fields that are missing, null, of another type or new since, and each setting that reads one of them.',
    action: 'run:read',
    query: driftQuerySchema,
    replies: { 200: { description: 'What nobody accepted yet.', schema: driftListSchema } },
    handle: async ({ actor, query }) => ({
      status: 200,
      body: { data: await listDrift(actor.workspaceId, query.flow) },
    }),
  }),
  defineRoute({
    method: 'POST',
    path: '/flows/{slug}/drift/accept',
    id: 'acceptDrift',
    tag,
    summary: 'Expect what a flow gets now',
    description:
      'What came otherwise becomes a part of what is expected, beside what was. Nothing is replayed.',
    action: 'flow:publish',
    params: z.object({ slug: z.string().max(63) }),
    replies: {
      200: { description: 'How many changes that were; 0 when none was open.', schema: acceptDriftSchema },
      404: { description: 'No such flow.' },
    },
    handle: async ({ actor, params }) => ({
      status: 200,
      body: { accepted: await acceptDrift(actor, params.slug) },
    }),
  }),
  defineRoute({
    method: 'GET',
    path: '/quarantine',
    id: 'listQuarantined',
    tag,
    summary: 'Events in quarantine, newest first',
    description: 'Stored without a run, because their bodies were not as their trigger wants them.',
    action: 'run:read',
    query: quarantineQuerySchema,
    replies: { 200: { description: 'A page of events.', schema: quarantineListSchema } },
    handle: async ({ actor, query }) => ({
      status: 200,
      body: await listQuarantined(actor.workspaceId, query),
    }),
  }),
  defineRoute({
    method: 'POST',
    path: '/quarantine/replay',
    id: 'replayQuarantined',
    tag,
    summary: 'Run events that were quarantined',
    description: 'Each gets one run, of the version that is published now, however often it is asked for.',
    action: 'run:replay',
    body: replayQuarantinedSchema,
    replies: { 200: { description: 'The runs.', schema: replayedQuarantinedSchema } },
    handle: async ({ actor, body }) => ({
      status: 200,
      body: await replayQuarantined(actor, body.eventIds),
    }),
  }),
  defineRoute({
    method: 'POST',
    path: '/quarantine/discard',
    id: 'discardQuarantined',
    tag,
    summary: 'Put quarantined events aside',
    description: 'They stay stored, with the reason, and get no run.',
    action: 'run:replay',
    body: discardQuarantinedSchema,
    replies: { 200: { description: 'How many.', schema: discardedQuarantinedSchema } },
    handle: async ({ actor, body }) => ({
      status: 200,
      body: { discarded: await discardQuarantined(actor, body) },
    }),
  }),
];
