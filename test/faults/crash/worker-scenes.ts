import type { FlowNode } from '#core/flow-document.ts';
import type { Json } from '#core/json.ts';
import type { Stage } from '#test/faults/stage.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { post, START, type PublishedFlow } from '#test/worker/test-flow.ts';

import type { Play, Scene } from './scene.ts';

/** Scenes in which a worker dies, by name. Each call says whose it is: run and node. */
export const WORKER_SCENES = {
  /** Two calls, one after the other. */
  calls: flowScene((stage) => ({
    nodes: [START, call(stage, 'first'), call(stage, 'second')],
    edges: 'start>first first>second',
  })),
  /** A call that must not be repeated. */
  once: flowScene((stage) => ({
    nodes: [START, call(stage, 'first'), call(stage, 'pay', { effect: 'once' })],
    edges: 'start>first first>pay',
  })),
  code: flowScene((stage) => ({
    nodes: [
      START,
      { id: 'code', type: 'core.code', config: { code: 'export default () => 42', input: null } },
      call(stage, 'second', {}, { $expr: 'steps.code' }),
    ],
    edges: 'start>code code>second',
  })),
  waits: flowScene((stage) => ({
    nodes: [
      START,
      call(stage, 'first'),
      { id: 'wait', type: 'core.wait', config: { seconds: 1 } },
      call(stage, 'second'),
    ],
    edges: 'start>first first>wait wait>second',
  })),
  /** A called flow that makes a call, and a call by the caller. */
  caller: {
    process: 'worker',
    open: async (stage) => {
      const called = await stage.publishLive({ nodes: [START, call(stage, 'first')], edges: 'start>first' });
      const caller = await stage.publish({
        nodes: [
          START,
          { id: 'ask', type: 'core.call', config: { flow: called.slug, input: {} } },
          call(stage, 'second'),
        ],
        edges: 'start>ask ask>second',
      });
      return starting(stage, caller);
    },
  },
  /** A call that fails for good, and the flow that deals with it. */
  failing: {
    process: 'worker',
    open: async (stage) => {
      stage.sink.reply('/bad', { status: 400 });
      const alarm = await stage.publishLive({ nodes: [START, call(stage, 'alarm')], edges: 'start>alarm' });
      const failing = await stage.publish({
        nodes: [START, call(stage, 'bad')],
        edges: 'start>bad',
        settings: { onFailure: alarm.slug },
      });
      return starting(stage, failing);
    },
  },
  /** Two runs that stand in one line. */
  line: {
    process: 'worker',
    open: async (stage) => {
      const flow = await stage.publish({
        nodes: [START, call(stage, 'first')],
        edges: 'start>first',
      });
      return {
        begin: async () => {
          const ids = await stage.start(flow, [{}, {}]);
          await stage.db.query(
            `update run set concurrency_key = 'k', concurrency_limit = 1 where id = any($1::uuid[])`,
            [ids],
          );
          return undefined;
        },
      };
    },
  },
  asking: {
    process: 'worker',
    open: async (stage) => {
      const asking = await stage.publish({
        nodes: [
          START,
          {
            id: 'ask',
            type: 'core.approval',
            config: { question: 'Ship it?', approvers: { role: 'operator' }, timeoutSeconds: 3 },
          },
          call(stage, 'second'),
        ],
        edges: 'start>ask ask:expired>second',
      });
      return {
        ...starting(stage, asking),
        goOn: async () => {
          await waitFor('the run to wait for its answer', async () => {
            const { rows } = await stage.db.query(
              `select 1 from approval a join run r on r.id = a.run_id
               where a.decision is null and r.status = 'waiting'`,
            );
            return rows.length > 0;
          });
          const { rows } = await stage.db.query<{ run_id: string }>(
            'select run_id from approval group by run_id having count(*) > 1',
          );
          return rows.map(({ run_id: id }) => `run ${id} asked more than once`);
        },
      };
    },
  },
  schedule: {
    process: 'worker',
    open: async (stage) => {
      const clock = { id: 'clock', type: 'core.schedule', config: { cron: '0 0 1 1 *' } };
      const flow = await stage.publishLive({ nodes: [clock, call(stage, 'first')], edges: 'clock>first' });
      return {
        begin: async () => {
          await stage.db.query(
            `insert into schedule (flow_id, workspace_id, node_id, cron, timezone, missed, next_at)
             values ($1, $2, 'clock', '0 0 1 1 *', 'UTC', 'once', now())
             on conflict (flow_id) do update set next_at = now()`,
            [flow.id, stage.workspaceId],
          );
          return undefined;
        },
      };
    },
  },
  poll: {
    process: 'worker',
    open: async (stage) => {
      let round = 0;
      stage.sink.reply('/items', () => ({ body: [1, 2, 3].map((n) => ({ id: `${round}-${n}` })) }));
      const config: Record<string, Json> = {
        request: { url: `${stage.sink.url}/items`, method: 'GET' },
        everySeconds: 86_400,
        key: { $expr: 'item.id' },
        first: 'run',
      };
      const flow = await stage.publishLive({
        nodes: [{ id: 'poll', type: 'core.poll', config }, call(stage, 'first')],
        edges: 'poll>first',
      });
      const due = async () => {
        await stage.db.query(
          `insert into poll (flow_id, workspace_id, node_id, next_at) values ($1, $2, 'poll', now())
           on conflict (flow_id) do update set next_at = now()`,
          [flow.id, stage.workspaceId],
        );
        return undefined;
      };
      return {
        begin: () => {
          round += 1;
          return due();
        },
        // The lease would be over in a minute and a half, or the next turn come in a day.
        goOn: async () => {
          await due();
          return [];
        },
      };
    },
  },
} as const satisfies Record<string, Scene>;

/** A scene of one flow, of which a run is started. */
function flowScene(make: (stage: Stage) => Parameters<Stage['publish']>[0]): Scene {
  return { process: 'worker', open: async (stage) => starting(stage, await stage.publish(make(stage))) };
}

function starting(stage: Stage, flow: PublishedFlow): Play {
  return {
    begin: async () => {
      await stage.start(flow, [{}]);
      return undefined;
    },
  };
}

export function call(stage: Stage, id: string, rest: Partial<FlowNode> = {}, data: Json = null): FlowNode {
  return post(id, `${stage.sink.url}/${id}`, {
    ...rest,
    body: { run: { $expr: 'run.id' }, node: id, data },
  });
}
