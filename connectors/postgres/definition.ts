import { z } from 'zod';

import type { ActionDef, ConnectorDef } from '#connectors/contract.ts';
import { databaseFields } from '#connectors/place-fields.ts';
import { identifier, insertInput, queryEffect, queryInput, queryOutput } from '#connectors/sql/settings.ts';

/** Settings of an upsert. */
export const upsertInput = insertInput.extend({
  conflict: z.array(identifier).min(1).max(20).meta({
    title: 'Columns that tell rows apart',
    help: 'A unique index has to be on exactly these. A row that is there already gets the other columns of the new one.',
  }),
});

const connectors = ['postgres'];
const needsConnection = () => true;
const sampleRows = [{ id: 7, customer: 'Ada Lovelace', total: '719.64', created_at: '2026-01-15T09:30:00Z' }];

const query: ActionDef = {
  kind: 'action',
  id: 'query',
  version: 1,
  label: 'Query',
  summary: 'Runs one SQL statement with bound values.',
  icon: 'database-search',
  effect: queryEffect,
  timeoutSeconds: 30,
  input: queryInput,
  output: queryOutput,
  sample: { rows: sampleRows, rowCount: 1 },
  connectors,
  needsConnection,
  initialConfig: { sql: 'SELECT * FROM orders WHERE id = $1', values: [] },
};

const insert: ActionDef = {
  kind: 'action',
  id: 'insert',
  version: 1,
  label: 'Insert rows',
  summary: 'Adds rows to a table, all or none.',
  icon: 'database-zap',
  effect: 'once',
  note: 'A step whose worker dies while it inserts is in doubt, and waits for a person. Where rows have a key of their own, “Insert or update rows” can be repeated.',
  input: insertInput,
  output: queryOutput,
  sample: { rows: [{ id: 8 }], rowCount: 1 },
  connectors,
  needsConnection,
  initialConfig: { table: '', rows: [] },
};

const upsert: ActionDef = {
  kind: 'action',
  id: 'upsert',
  version: 1,
  label: 'Insert or update rows',
  summary: 'Adds rows to a table, or updates those that are there already, all or none.',
  icon: 'database-backup',
  effect: 'keyed',
  input: upsertInput,
  output: queryOutput,
  sample: { rows: [{ id: 7 }], rowCount: 1 },
  connectors,
  needsConnection,
  initialConfig: { table: '', rows: [], conflict: [] },
};

export const postgresConnector: ConnectorDef = {
  id: 'postgres',
  label: 'Postgres',
  summary: 'Read and write tables of a Postgres database.',
  icon: 'database',
  category: 'app',
  connection: z.strictObject(databaseFields('5432')),
  proof: 'real_server',
  operations: [query, insert, upsert],
};
