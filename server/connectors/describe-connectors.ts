import { z } from 'zod';

import type { ConnectorDef, OperationDef } from '#connectors/contract.ts';
import { CONNECTORS } from '#connectors/definitions.ts';
import { findAppEventSource } from '#connectors/trigger-handlers.ts';
import type { connectorSchema } from '#core/api/connections.ts';
import type { Page } from '#core/api/common.ts';
import type { Json } from '#core/json.ts';
import { readyAppHooks } from '#server/app-hooks/app-hooks.ts';
import { decodeCursor, pageOf } from '#server/db/page-cursor.ts';
import { prisma } from '#server/db/prisma.ts';
import { clientSource, setupOf } from '#server/oauth/oauth-apps.ts';
import { notFound } from '#server/problem.ts';

export type ConnectorDescription = z.output<typeof connectorSchema>;

/** The catalogue, in the registry's order. */
export async function listConnectors(
  workspaceId: string,
  query: { readonly limit: number; readonly cursor?: string },
): Promise<Page<ConnectorDescription>> {
  const after = decodeCursor(query.cursor, placeSchema);
  const start = after ? CONNECTORS.findIndex((connector) => connector.id === after.id) + 1 : 0;
  const known = await knownTo(workspaceId);
  const page = pageOf(CONNECTORS.slice(start, start + query.limit + 1), query.limit, ({ id }) => ({ id }));
  return { data: page.data.map((each) => ofWorkspace(each, known)), next: page.next };
}

/** One connector with its operations. Throws 404. */
export async function readConnector(workspaceId: string, id: string): Promise<ConnectorDescription> {
  const connector = CONNECTORS.find((each) => each.id === id);
  if (!connector) throw notFound(`connector “${id.slice(0, 63)}”`);
  return ofWorkspace(connector, await knownTo(workspaceId));
}

/** What a workspace has set up, as ids of connectors. */
interface Known {
  readonly clients: ReadonlySet<string>;
  readonly appHooks: ReadonlySet<string>;
}

async function knownTo(workspaceId: string): Promise<Known> {
  const rows = await prisma().oAuthApp.findMany({ where: { workspaceId }, select: { connector: true } });
  return {
    clients: new Set(rows.map(({ connector }) => connector)),
    appHooks: await readyAppHooks(workspaceId),
  };
}

/** What the registry says, with where this workspace's client comes from and whether the app's events come. */
function ofWorkspace(connector: ConnectorDef, { clients, appHooks }: Known): ConnectorDescription {
  const { id, oauth } = connector;
  return {
    ...describeConnector(connector),
    oauth: oauth
      ? {
          grant: oauth.grant,
          scopes: oauth.scopes.map(({ id, says }) => ({ id, says })),
          client: clientSource(connector, clients),
          setup: setupOf(oauth),
        }
      : null,
    appEvents: findAppEventSource(id) ? (appHooks.has(id) ? 'ready' : 'missing') : null,
  };
}

const placeSchema = z.strictObject({ id: z.string() });

type Registered = Omit<ConnectorDescription, 'oauth' | 'appEvents'>;

const described = new WeakMap<ConnectorDef, Registered>();

/** The registry never changes, and making JSON Schemas takes milliseconds: each connector is described once. */
function describeConnector(connector: ConnectorDef): Registered {
  const known = described.get(connector);
  if (known) return known;
  const { id, label, summary, category } = connector;
  const description: Registered = {
    id,
    label,
    summary,
    category,
    connection: connector.connection ? toSchema(connector.connection) : null,
    canBeTested: connector.account !== undefined,
    proof: connector.proof ?? null,
    operations: connector.operations.map((operation) => describeOperation(id, operation)),
  };
  described.set(connector, description);
  return description;
}

function describeOperation(
  connectorId: string,
  operation: OperationDef,
): ConnectorDescription['operations'][number] {
  const { version, kind, label, summary, input, output, sample } = operation;
  const type = `${connectorId}.${operation.id}`;
  return { type, version, kind, label, summary, input: toSchema(input), output: toSchema(output), sample };
}

/** What a person may write: settings with a default may be left out. */
function toSchema(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json;
}
