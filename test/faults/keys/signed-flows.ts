import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';

import { sha256 } from '#server/auth/sha256.ts';
import type { KeyRing } from '#server/vault/key-ring.ts';
import { sealFields } from '#server/vault/sealed-record.ts';
import type { Stage } from '#test/faults/stage.ts';

/** A live flow with two connections: what signs its events, and what its call shows to the far end. */
export interface SignedFlow {
  readonly number: number;
  /** `/hooks/<token>` */
  readonly path: string;
  readonly signer: string;
  readonly caller: string;
}

/** So many rows a statement. */
const BATCH = 500;

/** Stores flows and their connections, sealed with `ring`, in few statements. */
export async function storeSignedFlows(stage: Stage, count: number, ring: KeyRing): Promise<SignedFlow[]> {
  const flows: SignedFlow[] = [];
  for (let from = 0; from < count; from += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) => from + index);
    await storeConnections(stage, numbers, ring);
    flows.push(...(await storeFlows(stage, numbers)));
  }
  return flows;
}

/** The body of an event, and the headers that its sender gives it. */
export function signEvent(flow: SignedFlow, body: string): Record<string, string> {
  const signature = createHmac('sha256', secretOf(flow.number)).update(body).digest('hex');
  return {
    'content-type': 'application/json',
    'x-hub-signature-256': `sha256=${signature}`,
    'x-github-delivery': randomUUID(),
  };
}

/** What a connection was made with. It has no secret of its own, so that a proof can be repeated by number. */
export function tokenOf(number: number): string {
  return `token-${number}-${createHash('sha256').update(`token ${number}`).digest('hex')}`;
}

function secretOf(number: number): string {
  return `secret-${number}-${createHash('sha256').update(`secret ${number}`).digest('hex')}`;
}

async function storeConnections(
  { db, workspaceId }: Stage,
  numbers: readonly number[],
  ring: KeyRing,
): Promise<void> {
  const rows = numbers.flatMap((number) => [
    seal(`signer-${number}`, 'signing_secret', 'secret', secretOf(number)),
    seal(`caller-${number}`, 'bearer_token', 'token', tokenOf(number)),
  ]);
  function seal(slug: string, connector: string, name: string, value: string) {
    const id = randomUUID();
    const { wrappedKey, keyVersion, fields } = sealFields(
      { workspaceId, recordId: id },
      { [name]: value },
      ring,
    );
    return { id, slug, connector, name, wrappedKey, keyVersion, sealed: fields.get(name) };
  }
  const column = <Name extends keyof (typeof rows)[number]>(name: Name) => rows.map((row) => row[name]);
  await db.query(
    `with given as (select * from unnest($2::uuid[], $3::text[], $4::text[], $5::bytea[], $6::int[], $7::text[], $8::bytea[])
       as g(id, slug, connector, wrapped_key, key_version, name, sealed)),
     connections as (insert into connection (id, workspace_id, slug, name, connector, wrapped_key, key_version)
       select id, $1, slug, slug, connector, wrapped_key, key_version from given returning 1)
     insert into connection_field (connection_id, name, sealed) select id, name, sealed from given`,
    [
      workspaceId,
      column('id'),
      column('slug'),
      column('connector'),
      column('wrappedKey'),
      column('keyVersion'),
      column('name'),
      column('sealed'),
    ],
  );
}

async function storeFlows(
  { db, workspaceId, sink }: Stage,
  numbers: readonly number[],
): Promise<SignedFlow[]> {
  const rows = numbers.map((number) => ({
    number,
    id: randomUUID(),
    versionId: randomUUID(),
    token: randomBytes(24).toString('base64url'),
    document: JSON.stringify(documentOf(number, sink.url)),
  }));
  await db.query(
    `with given as (select * from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bytea[], $7::text[], $8::uuid[])
       as g(id, version_id, slug, token, token_hash, document, hook_id)),
     flows as (insert into flow (id, workspace_id, slug, name, draft, published_version)
       select id, $1, slug, slug, document::json, 1 from given returning 1),
     versions as (insert into flow_version (id, workspace_id, flow_id, number, document, content_hash)
       select version_id, $1, id, 1, document::json, token_hash from given returning 1)
     insert into hook (id, workspace_id, flow_id, token, token_hash)
       select hook_id, $1, id, token, token_hash from given`,
    [
      workspaceId,
      rows.map(({ id }) => id),
      rows.map(({ versionId }) => versionId),
      rows.map(({ number }) => `flow-${number}`),
      rows.map(({ token }) => token),
      rows.map(({ token }) => sha256(token)),
      rows.map(({ document }) => document),
      rows.map(() => randomUUID()),
    ],
  );
  return rows.map(({ number, token }) => ({
    number,
    path: `/hooks/${token}`,
    signer: `signer-${number}`,
    caller: `caller-${number}`,
  }));
}

function documentOf(number: number, sinkUrl: string) {
  const slug = `flow-${number}`;
  return {
    format: 1,
    name: slug,
    slug,
    settings: {},
    nodes: [
      {
        id: 'hook',
        type: 'core.webhook',
        version: 1,
        connection: `signer-${number}`,
        config: { verify: { scheme: 'github' } },
      },
      {
        id: 'call',
        type: 'http.request',
        version: 1,
        connection: `caller-${number}`,
        config: { method: 'POST', url: `${sinkUrl}/call/${number}`, body: { $expr: 'trigger.body' } },
      },
    ],
    edges: [{ from: 'hook', to: 'call' }],
  };
}
