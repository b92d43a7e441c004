import type { ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';

import type pg from 'pg';

import type { Json } from '#core/json.ts';
import { sha256 } from '#server/auth/sha256.ts';
import { createPool } from '#server/db/pool.ts';
import { createTestDatabase } from '#test/support/database.ts';
import { launchProcess, type LaunchedProcess } from '#test/support/launch-process.ts';
import { startSink, type Sink } from '#test/support/sink.ts';
import { publishFlow, storeRuns, type PublishedFlow, type TestFlow } from '#test/worker/test-flow.ts';
import { endChild, spawnWorker } from '#test/worker/worker-process.ts';

/** A database, a far end, and processes of the product, apart from all other stages. */
export interface Stage {
  readonly databaseUrl: string;
  readonly workspaceId: string;
  readonly db: pg.Pool;
  readonly sink: Sink;
  readonly secretKey: string;
  /** With the rights of the owner. */
  readonly apiKey: string;
  publish(flow: TestFlow): Promise<PublishedFlow>;
  /** Publishes a flow so that hooks, schedules, polls and calls find it. */
  publishLive(flow: TestFlow): Promise<PublishedFlow>;
  /** Gives a live flow its hook. Resolves to the path: `/hooks/<token>`. */
  addHook(flow: PublishedFlow): Promise<string>;
  /** Stores runs that are due; workers find them by themselves. */
  start(flow: PublishedFlow, inputs: readonly Json[]): Promise<string[]>;
  /** Resolves once the worker claims runs. */
  startWorker(env?: Readonly<Record<string, string>>, nodeArgs?: readonly string[]): Promise<LaunchedProcess>;
  /** Starts one of the product's processes and waits for nothing. */
  launch(
    entry: string,
    env?: Readonly<Record<string, string>>,
    nodeArgs?: readonly string[],
  ): LaunchedProcess;
  /** A web process without pages, once it answers. */
  startWeb(env?: Readonly<Record<string, string>>, nodeArgs?: readonly string[]): Promise<WebServer>;
  close(): Promise<void>;
}

export interface WebServer {
  readonly process: LaunchedProcess;
  readonly hooksUrl: string;
  readonly apiUrl: string;
}

/** Opens a stage; `PATCHBAY_TEST_POSTGRES` names the server for its database unless `databaseUrl` is given. */
export async function openStage(options: { readonly databaseUrl?: string } = {}): Promise<Stage> {
  const database =
    options.databaseUrl === undefined
      ? await createTestDatabase()
      : { url: options.databaseUrl, drop: () => Promise.resolve() };
  const db = createPool(database.url, { max: 4 });
  const sink = await startSink();
  const secretKey = randomBytes(32).toString('base64');
  const workspaceId = randomUUID();
  const apiKey = `pb_test_${randomBytes(24).toString('hex')}`;
  const children = new Set<ChildProcess>();
  const shared = { DATABASE_URL: database.url, PATCHBAY_SECRET_KEY: secretKey };
  await db.query('insert into workspace (id, slug, name) values ($1, $2, $2)', [workspaceId, 'test']);
  await insertApiKey(db, workspaceId, apiKey);
  const launch: Stage['launch'] = (entry, env = {}, nodeArgs = []) => {
    const launched = launchProcess(entry, { ...shared, ...env }, nodeArgs);
    children.add(launched.child);
    launched.child.once('exit', () => children.delete(launched.child));
    return launched;
  };
  return {
    databaseUrl: database.url,
    workspaceId,
    db,
    sink,
    secretKey,
    apiKey,
    publish: (flow) => publishFlow({ db, workspaceId }, flow),
    publishLive: async (flow) => {
      const published = await publishFlow({ db, workspaceId }, flow);
      await db.query('update flow set published_version = 1 where id = $1', [published.id]);
      return published;
    },
    addHook: async ({ id }) => {
      const token = randomBytes(24).toString('base64url');
      await db.query(
        'insert into hook (id, workspace_id, flow_id, token, token_hash) values ($1, $2, $3, $4, $5)',
        [randomUUID(), workspaceId, id, token, sha256(token)],
      );
      return `/hooks/${token}`;
    },
    start: (flow, inputs) => storeRuns({ db, workspaceId }, flow, inputs),
    startWorker: (env = {}, nodeArgs = []) =>
      spawnWorker({ databaseUrl: database.url, secretKey }, { env, children, nodeArgs }),
    launch,
    startWeb: async (env = {}, nodeArgs = []) => {
      const web = launch('test/support/web-process.ts', env, nodeArgs);
      const urls = (await web.message) as { url: string; apiUrl: string } | undefined;
      if (!urls) throw new Error(`The web process did not start:\n${web.output()}`);
      return { process: web, hooksUrl: urls.url, apiUrl: urls.apiUrl };
    },
    close: async () => {
      await Promise.all([...children].map(endChild));
      await sink.stop();
      await db.end();
      await database.drop();
    },
  };
}

async function insertApiKey(db: pg.Pool, workspaceId: string, key: string): Promise<void> {
  await db.query(
    `insert into api_key (id, workspace_id, name, role, prefix, key_hash) values ($1, $2, 'faults', 'owner', 'pb_t', $3)`,
    [randomUUID(), workspaceId, sha256(key)],
  );
}
