import { randomBytes, randomUUID } from 'node:crypto';

import type { JsonObject } from '#core/json.ts';
import type { Stage, WebServer } from '#test/faults/stage.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { START } from '#test/worker/test-flow.ts';

import { callApi, send, type Scene } from './scene.ts';
import { call } from './worker-scenes.ts';

/** Scenes in which a web process dies, by name. */
export const WEB_SCENES = {
  /** An event arrives. Its sender sends it again until it has a reply. */
  event: {
    process: 'web',
    open: async (stage) => {
      const hook = await publishHook(stage, { dedupe: { $expr: 'trigger.body.id' } });
      let event = {};
      return {
        begin: (web) => {
          event = { id: randomUUID() };
          return send(`${web!.hooksUrl}${hook}`, event);
        },
        goOn: async ({ reply, isCommitted, web }) => {
          const again = await send(`${web!.hooksUrl}${hook}`, event);
          const told = again?.body as { runId?: string; duplicate?: boolean } | undefined;
          const first = reply?.body as { runId?: string } | undefined;
          const faults: string[] = [];
          if (again?.status !== 202) faults.push(`sent again, the event got ${again?.status}`);
          if ((told?.duplicate ?? false) !== isCommitted) faults.push(`duplicate: ${told?.duplicate}`);
          if (first?.runId !== undefined && first.runId !== told?.runId) faults.push('two run ids were told');
          return faults;
        },
      };
    },
  },
  /** A person starts a run. */
  start: {
    process: 'web',
    open: async (stage) => {
      const flow = await stage.publishLive({ nodes: [START, call(stage, 'first')], edges: 'start>first' });
      const audited = () => countAudit(stage, 'run.start');
      let before = 0;
      return {
        begin: async (web) => {
          before = await audited();
          return callApi(stage, web!, `POST /flows/${flow.slug}/runs`, { input: {} });
        },
        goOn: async ({ isCommitted }) => {
          const entries = (await audited()) - before;
          return entries === Number(isCommitted) ? [] : [`${entries} audit entries`];
        },
      };
    },
  },
  /** A person decides what a run asked. */
  decision: {
    process: 'web',
    open: async (stage) => {
      const flow = await stage.publish({
        nodes: [
          START,
          { id: 'ask', type: 'core.approval', config: { question: '?', approvers: { role: 'operator' } } },
          call(stage, 'second'),
        ],
        edges: 'start>ask ask:approved>second',
      });
      let approval = '';
      const decide = (web: WebServer) =>
        callApi(stage, web, `POST /approvals/${approval}/decide`, { decision: 'approved' });
      return {
        prepare: async () => {
          await stage.start(flow, [{}]);
          approval = await waitFor('the question', async () => {
            const { rows } = await stage.db.query<{ id: string }>(
              `select a.id from approval a join run r on r.id = a.run_id
               where a.decision is null and r.status = 'waiting'`,
            );
            return rows[0]?.id;
          });
        },
        begin: (web) => decide(web!),
        goOn: async ({ isCommitted, web }) => {
          const again = await decide(web!);
          const expected = isCommitted ? 409 : 200;
          return again?.status === expected ? [] : [`decided again: ${again?.status}`];
        },
      };
    },
  },
  /** A person replaces the secret that a hook's deliveries carry. */
  connection: {
    process: 'web',
    open: async (stage, web) => {
      const slug = 'signing';
      let secret = randomBytes(16).toString('hex');
      let next = secret;
      await callApi(stage, web!, 'POST /connections', {
        slug,
        connector: 'signing_secret',
        fields: { secret },
      });
      const hook = await publishHook(stage, { verify: { scheme: 'token', header: 'x-token' } }, slug);
      const deliver = async (token: string, to: WebServer) =>
        (await send(`${to.hooksUrl}${hook}`, {}, { headers: { 'x-token': token } }))?.status;
      let before = 0;
      return {
        begin: async (doomed) => {
          before = await countAudit(stage, 'connection.update');
          next = randomBytes(16).toString('hex');
          return callApi(stage, doomed!, `PATCH /connections/${slug}`, { fields: { secret: next } });
        },
        goOn: async ({ isCommitted, web: alive }) => {
          const replies = { old: await deliver(secret, alive!), new: await deliver(next, alive!) };
          const entries = (await countAudit(stage, 'connection.update')) - before;
          const faults: string[] = [];
          if (isCommitted) secret = next;
          if (replies.old !== (isCommitted ? 401 : 202)) faults.push(`the old secret: ${replies.old}`);
          if (replies.new !== (isCommitted ? 202 : 401)) faults.push(`the new secret: ${replies.new}`);
          if (entries !== Number(isCommitted)) faults.push(`${entries} audit entries`);
          return faults;
        },
      };
    },
  },
} as const satisfies Record<string, Scene>;

/** Publishes a flow with a hook and one call; resolves to the hook's path. */
async function publishHook(stage: Stage, config: JsonObject, connection?: string): Promise<string> {
  const hook = { id: 'hook', type: 'core.webhook', config, ...(connection && { connection }) };
  return stage.addHook(await stage.publishLive({ nodes: [hook, call(stage, 'first')], edges: 'hook>first' }));
}

async function countAudit(stage: Stage, action: string): Promise<number> {
  const { rows } = await stage.db.query<{ count: number }>(
    'select count(*)::int as count from audit_entry where action = $1',
    [action],
  );
  return rows[0]!.count;
}
