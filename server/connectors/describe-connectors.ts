import { z } from 'zod';

import type { ConnectorDef, OperationDef } from '#connectors/contract.ts';
import { CONNECTORS } from '#connectors/definitions.ts';
import type { connectorSchema } from '#core/api/workspace.ts';
import type { Page } from '#core/api/common.ts';
import type { Json } from '#core/json.ts';
import { decodeCursor, pageOf } from '#server/db/page-cursor.ts';
import { notFound } from '#server/problem.ts';

export type ConnectorDescription = z.output<typeof connectorSchema>;

/** The catalogue, in the registry's order. */
export function listConnectors(query: {
  readonly limit: number;
  readonly cursor?: string;
}): Page<ConnectorDescription> {
  const after = decodeCursor(query.cursor, placeSchema);
  const start = after ? CONNECTORS.findIndex((connector) => connector.id === after.id) + 1 : 0;
  const page = pageOf(CONNECTORS.slice(start, start + query.limit + 1), query.limit, ({ id }) => ({ id }));
  return { data: page.data.map(describeConnector), next: page.next };
}

/** One connector with its operations. Throws 404. */
export function readConnector(id: string): ConnectorDescription {
  const connector = CONNECTORS.find((each) => each.id === id);
  if (!connector) throw notFound(`connector “${id.slice(0, 63)}”`);
  return describeConnector(connector);
}

const placeSchema = z.strictObject({ id: z.string() });

const described = new WeakMap<ConnectorDef, ConnectorDescription>();

/** The registry never changes, and making JSON Schemas takes milliseconds: each connector is described once. */
function describeConnector(connector: ConnectorDef): ConnectorDescription {
  const known = described.get(connector);
  if (known) return known;
  const { id, label, summary, category } = connector;
  const description: ConnectorDescription = {
    id,
    label,
    summary,
    category,
    connection: connector.connection ? toSchema(connector.connection) : null,
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
