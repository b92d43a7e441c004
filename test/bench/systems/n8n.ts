import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { startEmbeddedPostgres } from '#server/db/embedded.ts';
import { freePort } from '#test/support/free-port.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { waitFor } from '#test/support/wait-for.ts';

import { installPeer, PeerError } from './install-peer.ts';
import type { System } from './system.ts';

const VERSION = '2.40.3';
/** Add-ons of apps that the flow does not use would be compiled, which takes compilers and libraries. */
const NPM_ARGS = ['--ignore-scripts', '--omit=optional'];
const START_MS = 180_000;
/** In milliseconds, how long n8n takes to listen at a webhook that was published. */
const LISTENING_MS = 30_000;

/** n8n with its own defaults, one process, on the Postgres that Patchbay brings, in a folder of its own. */
export async function startN8n(): Promise<System> {
  const folder = await installPeer('n8n', VERSION, NPM_ARGS);
  const home = await temporaryFolder();
  const postgres = await startEmbeddedPostgres({ dataDir: join(home, 'data') });
  const port = await freePort();
  await mkdir(join(home, 'n8n'));
  const child = spawn(process.execPath, [join(folder, 'node_modules/n8n/bin/n8n'), 'start'], {
    env: environment(join(home, 'n8n'), port, new URL(postgres.url)),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-20_000)));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    await postgres.stop();
    await rm(home, { recursive: true, force: true });
  };
  try {
    const hasStarted = () => output.includes('Editor is now accessible') || child.exitCode !== null;
    await waitFor('n8n to start', hasStarted, START_MS);
    if (child.exitCode !== null)
      throw new PeerError(`n8n ${VERSION} does not start on this machine:\n${output}`);
    const api = await setUp(`http://127.0.0.1:${port}`);
    let published = 0;
    return {
      name: 'n8n',
      async publish(shape, farEndUrl) {
        if (shape !== 'call') throw new PeerError('n8n is measured with the flow of three steps alone.');
        published += 1;
        return publish(api, `orders-${published}`, farEndUrl);
      },
      stop,
    };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

function environment(home: string, port: number, database: URL): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_ENV: 'production',
    N8N_USER_FOLDER: home,
    N8N_PORT: String(port),
    N8N_LISTEN_ADDRESS: '127.0.0.1',
    N8N_SECURE_COOKIE: 'false',
    N8N_DIAGNOSTICS_ENABLED: 'false',
    N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
    N8N_TEMPLATES_ENABLED: 'false',
    DB_TYPE: 'postgresdb',
    DB_POSTGRESDB_HOST: database.hostname,
    DB_POSTGRESDB_PORT: database.port,
    DB_POSTGRESDB_DATABASE: database.pathname.slice(1),
    DB_POSTGRESDB_USER: database.username,
    DB_POSTGRESDB_PASSWORD: decodeURIComponent(database.password),
  };
}

interface Api {
  readonly url: string;
  call(path: string, body: unknown): Promise<{ readonly id: string; readonly versionId: string }>;
}

/** Makes the owner; its session makes the calls that follow. */
async function setUp(url: string): Promise<Api> {
  // n8n ties a session to the browser that began it.
  const headers: Record<string, string> = { 'content-type': 'application/json', 'browser-id': randomUUID() };
  const post = async (path: string, body: unknown) => {
    const reply = await fetch(`${url}/rest${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!reply.ok) throw new Error(`n8n answered ${path} with ${reply.status}: ${await reply.text()}`);
    return reply;
  };
  const owner = {
    email: 'owner@example.com',
    firstName: 'Ada',
    lastName: 'Lovelace',
    password: 'Correct1horse',
  };
  const session = await post('/owner/setup', owner);
  headers['cookie'] = session.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
  return {
    url,
    call: async (path, body) => {
      const { data } = (await (await post(path, body)).json()) as { data: { id: string; versionId: string } };
      return data;
    },
  };
}

async function publish(api: Api, path: string, farEndUrl: string): Promise<string> {
  const { id, versionId } = await api.call('/workflows', workflowOf(path, farEndUrl));
  await api.call(`/workflows/${id}/activate`, { versionId });
  const url = `${api.url}/webhook/${path}`;
  // Asked in another way than events come, it says whether it listens, and starts nothing.
  await waitFor(
    'n8n to listen at its webhook',
    async () => (await (await fetch(url)).text()).includes('not registered for GET'),
    LISTENING_MS,
  );
  return url;
}

/** As Patchbay's: the reply goes out as soon as the event is there. */
function workflowOf(path: string, farEndUrl: string): unknown {
  return {
    name: path,
    settings: { executionOrder: 'v1' },
    nodes: [
      node('hook', 'webhook', 2.1, {
        httpMethod: 'POST',
        path,
        responseMode: 'onReceived',
        options: { responseCode: { values: { responseCode: 202 } } },
      }),
      node('map', 'set', 3.4, {
        mode: 'manual',
        assignments: {
          assignments: [
            { id: 'id', name: 'id', type: 'string', value: '={{ $json.body.id }}' },
            { id: 'title', name: 'title', type: 'string', value: '=Order {{ $json.body.number }}' },
            { id: 'customer', name: 'customer', type: 'string', value: '={{ $json.body.customer.email }}' },
            { id: 'total', name: 'total', type: 'number', value: '={{ $json.body.total }}' },
          ],
        },
      }),
      node('post', 'httpRequest', 4.2, {
        method: 'POST',
        url: farEndUrl,
        sendBody: true,
        specifyBody: 'json',
        jsonBody: '={{ $json }}',
      }),
    ],
    connections: {
      hook: { main: [[{ node: 'map', type: 'main', index: 0 }]] },
      map: { main: [[{ node: 'post', type: 'main', index: 0 }]] },
    },
  };
}

function node(name: string, type: string, typeVersion: number, parameters: Record<string, unknown>): unknown {
  const rest = { id: name, name, typeVersion, position: [0, 0], webhookId: randomUUID() };
  return { ...rest, type: `n8n-nodes-base.${type}`, parameters: { options: {}, ...parameters } };
}
