import type { Stage } from '#test/faults/stage.ts';
import { startOAuthProvider } from '#test/support/oauth/provider.ts';
import { reconnect } from '#test/support/oauth/reconnect.ts';
import { storeConnection } from '#test/support/oauth/store-connection.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { START } from '#test/worker/test-flow.ts';

import type { Scene } from './scene.ts';
import { call } from './worker-scenes.ts';

/** Another worker has to notice first that the one that held the run is dead. */
const PATIENCE_MS = 180_000;

/** Scenes in which a worker dies over the tokens of a connection. */
export const TOKEN_SCENES = {
  /** A run needs a token that has ended; the provider takes each refresh token once. */
  renewal: {
    process: 'worker',
    open: async (stage) => {
      const provider = await startOAuthProvider();
      const slug = 'account';
      const flow = await stage.publish({
        nodes: [START, call(stage, 'first', { connection: slug })],
        edges: 'start>first',
      });
      let id = '';
      let runId = '';
      let shown = '';
      const asks = () => provider.asks.filter((ask) => ask.shown === shown).length;
      return {
        // Not before: the worker that goes on would renew it.
        begin: async () => {
          await stage.db.query('delete from connection where slug = $1', [slug]);
          const account = await provider.connect();
          shown = account.refreshToken;
          const { url: api } = stage.sink;
          id = await storeConnection(stage, provider, { slug, account, api, endsInSeconds: -1 });
          [runId = ''] = await stage.start(flow, [{}]);
          return undefined;
        },
        goOn: async () => {
          const { version } = await connection(stage, id);
          const isLost = asks() === 1 && version === 1;
          // The lease would be over in half a minute.
          await stage.db.query(
            'update connection set refresh_until = now() where id = $1 and refresh_by is not null',
            [id],
          );
          if (isLost) {
            await waitFor('the run to wait for its connection', () => isParked(stage, runId), PATIENCE_MS);
            if ((await connection(stage, id)).status !== 'reconnect') return ['the connection is not marked'];
            await reconnect(stage, provider, { id, api: stage.sink.url });
          }
          await waitFor('the run to end', () => isOver(stage, runId), PATIENCE_MS);
          const expected = isLost ? 2 : 1;
          return asks() === expected ? [] : [`the provider was asked ${asks()} times, not ${expected}`];
        },
      };
    },
  },
} as const satisfies Record<string, Scene>;

async function connection(
  stage: Stage,
  id: string,
): Promise<{ readonly status: string; readonly version: number }> {
  const { rows } = await stage.db.query<{ status: string; version: number }>(
    'select status::text, token_version as version from connection where id = $1',
    [id],
  );
  return rows[0]!;
}

async function isParked(stage: Stage, runId: string): Promise<boolean> {
  const { rows } = await stage.db.query(
    `select 1 from step s join run r on r.id = s.run_id
     where r.id = $1 and r.status = 'waiting' and s.waiting_for = 'connection'
       and s.error ->> 'code' = 'connection_reconnect'`,
    [runId],
  );
  return rows.length === 1;
}

async function isOver(stage: Stage, runId: string): Promise<boolean> {
  const { rows } = await stage.db.query('select 1 from run where id = $1 and finished_at is not null', [
    runId,
  ]);
  return rows.length === 1;
}
