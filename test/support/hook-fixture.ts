import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createServer, request as httpRequest, type Agent, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Json, JsonObject } from '#core/json.ts';
import type { Prisma } from '#prisma/generated/client.ts';
import type { Actor } from '#server/auth/actor.ts';
import { createConnection } from '#server/connections/save-connection.ts';
import { pool } from '#server/db/pool.ts';
import { prisma } from '#server/db/prisma.ts';
import { handleHook, type HandleHookOptions } from '#server/ingress/handle-hook.ts';
import { READ_AHEAD_BYTES } from '#server/ingress/read-body.ts';

export interface HookServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** A real HTTP server whose every request goes to `handleHook`. */
export async function startHookServer(options?: HandleHookOptions): Promise<HookServer> {
  // As the web process has it.
  const limits = { highWaterMark: READ_AHEAD_BYTES };
  const server = createServer(limits, (request, response) => void handleHook(request, response, options));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

export interface TestHook {
  readonly workspaceId: string;
  readonly flowId: string;
  readonly slug: string;
  readonly token: string;
  /** `/hooks/<token>` */
  readonly path: string;
}

export interface TestHookOptions {
  readonly workspaceId: string;
  readonly config?: JsonObject;
  /** Fields of the signing secret (or of another connector) that the trigger names. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly connector?: string;
}

/** A published flow with a webhook and nothing else. */
export async function makeHook({
  workspaceId,
  config = {},
  fields,
  connector,
}: TestHookOptions): Promise<TestHook> {
  const flowId = randomUUID();
  const slug = `flow-${flowId.slice(0, 8)}`;
  const connection = fields ? await makeConnection(workspaceId, fields, connector) : undefined;
  const draft = hookDocument(slug, config, connection);
  await prisma().flow.create({ data: { id: flowId, workspaceId, slug, name: `Flow ${slug}`, draft } });
  const token = randomBytes(24).toString('base64url');
  const tokenHash = new Uint8Array(createHash('sha256').update(token).digest());
  await prisma().hook.create({ data: { id: randomUUID(), workspaceId, flowId, token, tokenHash } });
  const hook = { workspaceId, flowId, slug, token, path: `/hooks/${token}` };
  await publishHook(hook, config, connection);
  return hook;
}

/** Publishes another version of the hook's flow. */
export async function publishHook(hook: TestHook, config: JsonObject, connection?: string): Promise<void> {
  const number = (await prisma().flowVersion.count({ where: { flowId: hook.flowId } })) + 1;
  const document = hookDocument(hook.slug, config, connection);
  const { workspaceId, flowId } = hook;
  await prisma().flowVersion.create({
    data: { id: randomUUID(), workspaceId, flowId, number, document, contentHash: new Uint8Array(32) },
  });
  await prisma().flow.update({ where: { id: flowId }, data: { publishedVersion: number } });
}

export async function unpublishHook(hook: TestHook): Promise<void> {
  await prisma().flow.update({ where: { id: hook.flowId }, data: { publishedVersion: null } });
}

/** Makes a connection and returns its slug. */
export async function makeConnection(
  workspaceId: string,
  fields: Readonly<Record<string, string>>,
  connector = 'signing_secret',
): Promise<string> {
  const slug = `secret-${randomUUID().slice(0, 8)}`;
  await createConnection(testActor(workspaceId), { slug, connector, fields: { ...fields } });
  return slug;
}

export function testActor(workspaceId: string): Actor {
  const base = { kind: 'user', id: randomUUID(), userId: null, name: 'test', address: '127.0.0.1' } as const;
  return { ...base, workspaceId, role: 'owner' };
}

function hookDocument(slug: string, config: JsonObject, connection?: string): Prisma.InputJsonObject {
  const node = {
    id: 'hook',
    type: 'core.webhook',
    version: 1,
    config,
    ...(connection ? { connection } : {}),
  };
  return { format: 1, name: slug, slug, nodes: [node], edges: [] };
}

/** A stored event and its run, as a test compares them. */
export interface StoredEventRow {
  readonly id: string;
  readonly body: Buffer;
  readonly headers: Record<string, string>;
  readonly query: Json;
  readonly method: string;
  readonly content_type: string;
  readonly received_at: Date;
  readonly dedupe_key: string | null;
  readonly verified: string;
  readonly quarantine: Json;
  readonly run_id: string | null;
  readonly run_status: string | null;
}

/** Every event of a hook's flow, oldest first, each with its run. */
export async function eventsOf(hook: TestHook): Promise<readonly StoredEventRow[]> {
  const { rows } = await pool().query<StoredEventRow>(
    `SELECT event.*, run.id AS run_id, run.status::text AS run_status
     FROM event LEFT JOIN run ON run.event_id = event.id WHERE event.flow_id = $1 ORDER BY event.id`,
    [hook.flowId],
  );
  return rows;
}

/** How many events and runs the whole database holds. */
export async function countStored(): Promise<{ events: number; runs: number; keys: number }> {
  const { rows } = await pool().query<{ events: number; runs: number; keys: number }>(
    `SELECT (SELECT count(*)::int FROM event) AS events, (SELECT count(*)::int FROM run) AS runs,
      (SELECT count(*)::int FROM dedupe_key) AS keys`,
  );
  return rows[0]!;
}

export interface Delivery {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders | readonly string[];
  readonly body?: string | Uint8Array;
  readonly agent?: Agent;
}

export interface DeliveryReply {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
  /** The body parsed; undefined when it is no JSON. */
  readonly json: Record<string, unknown> | undefined;
}

/** Sends one request with exactly these headers and bytes. A list of headers may repeat names. */
export function deliver(server: HookServer, path: string, delivery: Delivery = {}): Promise<DeliveryReply> {
  const { method = 'POST', headers = {}, body = '', agent } = delivery;
  // Node adds neither of the two to a list.
  const framing = ['host', 'localhost', 'content-length', String(Buffer.byteLength(body))];
  const sent = Array.isArray(headers) ? [...(headers as string[]), ...framing] : headers;
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      `${server.url}${path}`,
      { method, headers: sent, agent: agent ?? false },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, json: parse(text) });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
