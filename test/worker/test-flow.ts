import { randomBytes, randomUUID } from 'node:crypto';

import type pg from 'pg';

import type { FlowDocument, FlowEdge, FlowNode } from '#core/flow-document.ts';
import type { Json } from '#core/json.ts';
import { uuidv7 } from '#server/db/uuid.ts';

export interface TestFlow {
  readonly nodes: readonly (Partial<FlowNode> & { readonly id: string; readonly type: string })[];
  /** `start>map`, `check:true>post`. */
  readonly edges: string;
  readonly settings?: FlowDocument['settings'];
}

export interface PublishedFlow {
  readonly id: string;
  readonly slug: string;
  readonly versionId: string;
}

interface Workspace {
  readonly db: pg.Pool;
  readonly workspaceId: string;
}

/** Publishes a flow; the first node is a `core.manual` trigger. */
export async function publishFlow({ db, workspaceId }: Workspace, flow: TestFlow): Promise<PublishedFlow> {
  const id = randomUUID();
  const versionId = randomUUID();
  const slug = `flow-${id.slice(0, 8)}`;
  const document = {
    format: 1,
    name: slug,
    slug,
    settings: flow.settings ?? {},
    nodes: flow.nodes.map((node) => ({ version: 1, config: {}, ...node })),
    edges: flow.edges.split(' ').filter(Boolean).map(edge),
  };
  await db.query('insert into flow (id, workspace_id, slug, name, draft) values ($1, $2, $3, $3, $4)', [
    id,
    workspaceId,
    slug,
    document,
  ]);
  await db.query(
    'insert into flow_version (id, workspace_id, flow_id, number, document, content_hash) values ($1, $2, $3, 1, $4, $5)',
    [versionId, workspaceId, id, document, randomBytes(32)],
  );
  return { id, slug, versionId };
}

function edge(text: string): FlowEdge {
  const [from = '', to = ''] = text.split('>');
  const [id = '', port] = from.split(':');
  return port === undefined ? { from: id, to } : { from: id, port, to };
}

/** Stores events and runs that are due. Resolves to the runs' ids. */
export async function storeRuns(
  { db, workspaceId }: Workspace,
  flow: PublishedFlow,
  inputs: readonly Json[],
): Promise<string[]> {
  const runIds = inputs.map(() => uuidv7());
  const eventIds = inputs.map(() => uuidv7());
  const bodies = inputs.map((input) => Buffer.from(JSON.stringify(input)));
  await db.query(
    `with given as (select * from unnest($4::uuid[], $5::uuid[], $6::bytea[]) as g(run_id, event_id, body)),
      event as (insert into event (id, workspace_id, flow_id, kind, body, content_type)
        select event_id, $1, $2, 'manual', body, 'application/json' from given)
    insert into run (id, workspace_id, flow_id, flow_slug, flow_name, flow_version_id, version_number, event_id,
      started_by, wake_at)
    select run_id, $1, $2, $7, $7, $3, 1, event_id, 'manual', now() from given`,
    [workspaceId, flow.id, flow.versionId, runIds, eventIds, bodies, flow.slug],
  );
  return runIds;
}

/** An `http.request` node that posts to the far end. */
export function post(
  id: string,
  url: string,
  rest: Partial<FlowNode> & { readonly body?: Json } = {},
): FlowNode {
  const { body = { $expr: 'trigger.body' }, ...node } = rest;
  return {
    id,
    type: 'http.request',
    version: 1,
    ...node,
    config: { method: 'POST', url, body, ...node.config },
  };
}

export const START = { id: 'start', type: 'core.manual' };
