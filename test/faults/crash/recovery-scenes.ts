import type { Stage } from '#test/faults/stage.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { START } from '#test/worker/test-flow.ts';

import { callApi, type Scene } from './scene.ts';
import { call } from './worker-scenes.ts';

/** Scenes in which something failed or is in doubt, and people put it right. */
export const RECOVERY_SCENES = {
  /** A call that must not be repeated broke off; a person says that it is to be made again. */
  doubt: {
    process: 'web',
    open: async (stage) => {
      const flow = await stage.publish({
        nodes: [START, call(stage, 'first'), call(stage, 'pay', { effect: 'once' })],
        edges: 'start>first first>pay',
      });
      // Of each run the first call breaks off.
      stage.sink.reply('/pay', (_, before) => (before % 2 === 0 ? { hangUp: true } : {}));
      const settle = { nodeId: 'pay', as: 'retry' };
      let runId = '';
      return {
        prepare: async () => {
          [runId = ''] = await stage.start(flow, [{}]);
          await whenAll(stage, [runId], 'in_doubt');
        },
        begin: (web) => callApi(stage, web!, `POST /runs/${runId}/resolve`, settle),
        goOn: async ({ isCommitted, web }) => {
          const again = await callApi(stage, web!, `POST /runs/${runId}/resolve`, settle);
          const isRefused = again?.status === 409;
          return isRefused === isCommitted ? [] : [`settled again: ${again?.status}`];
        },
      };
    },
  },
  /** A run failed; a person resumes it. */
  resume: {
    process: 'web',
    open: async (stage) => {
      const failing = await failingOnce(stage);
      let runId = '';
      return {
        prepare: async () => {
          [runId = ''] = await failing(1);
        },
        begin: (web) => callApi(stage, web!, `POST /runs/${runId}/resume`, {}),
        goOn: async ({ isCommitted, web }) => {
          const again = await callApi(stage, web!, `POST /runs/${runId}/resume`, {});
          const isRefused = again?.status === 409;
          return isRefused === isCommitted ? [] : [`resumed again: ${again?.status}`];
        },
      };
    },
  },
  /** Three runs failed; a worker redrives them. */
  bulk: {
    process: 'worker',
    needsWeb: true,
    open: async (stage, web) => {
      const failing = await failingOnce(stage, []);
      let runIds: readonly string[] = [];
      return {
        prepare: async () => {
          runIds = await failing(3);
        },
        begin: () => callApi(stage, web!, 'POST /dead-letters/redrive', { filter: { runIds } }),
        goOn: async () => {
          await waitFor('the dead letters to be dealt with', async () => {
            const { rows } = await stage.db.query(
              'select 1 from dead_letter where run_id = any($1::uuid[]) and redriven_at is null',
              [runIds],
            );
            return rows.length === 0;
          });
          return [];
        },
      };
    },
  },
} as const satisfies Record<string, Scene>;

/** Publishes a flow whose call is refused the first time that a run makes it; starts runs and waits until they have failed. */
async function failingOnce(
  stage: Stage,
  before: readonly string[] = ['first'],
): Promise<(count: number) => Promise<string[]>> {
  const seen = new Set<string>();
  stage.sink.reply('/flaky', (request) => {
    const key = String(request.headers['idempotency-key']);
    if (seen.has(key)) return {};
    seen.add(key);
    return { status: 400 };
  });
  const steps = [...before, 'flaky'];
  const flow = await stage.publish({
    nodes: [START, ...steps.map((id) => call(stage, id))],
    edges: steps.map((id, index) => `${steps[index - 1] ?? 'start'}>${id}`).join(' '),
  });
  return async (count) => {
    const runIds = await stage.start(
      flow,
      Array.from({ length: count }, () => ({})),
    );
    await whenAll(stage, runIds, 'failed');
    return runIds;
  };
}

async function whenAll(stage: Stage, runIds: readonly string[], status: string): Promise<void> {
  await waitFor(`the runs to be ${status}`, async () => {
    const { rows } = await stage.db.query(
      `select 1 from run where id = any($1::uuid[]) and (status::text <> $2 or is_end_due)`,
      [runIds, status],
    );
    return rows.length === 0;
  });
}
