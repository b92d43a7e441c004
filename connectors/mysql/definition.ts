import { z } from 'zod';

import type { ActionDef, ConnectorDef } from '#connectors/contract.ts';
import { databaseFields } from '#connectors/place-fields.ts';
import { insertInput, queryEffect, queryInput, queryOutput } from '#connectors/sql/settings.ts';

/** Settings of an insert: MySQL gives no rows back. */
export const mysqlInsertInput = insertInput.omit({ returning: true });

const connectors = ['mysql'];
const needsConnection = () => true;

const writeOutput = z.object({
  rowCount: z.int(),
  /** Of the first row, where the table counts them. */
  insertId: z.string().nullable(),
});

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
  sample: { rows: [{ id: 7, customer: 'Ada Lovelace', total: '719.64' }], rowCount: 1 },
  connectors,
  needsConnection,
  initialConfig: { sql: 'SELECT * FROM orders WHERE id = ?', values: [] },
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
  input: mysqlInsertInput,
  output: writeOutput,
  sample: { rowCount: 2, insertId: '41' },
  connectors,
  needsConnection,
  initialConfig: { table: '', rows: [] },
};

const upsert: ActionDef = {
  kind: 'action',
  id: 'upsert',
  version: 1,
  label: 'Insert or update rows',
  summary: 'Adds rows to a table, or updates those whose unique keys are there already, all or none.',
  icon: 'database-backup',
  effect: 'keyed',
  input: mysqlInsertInput,
  output: writeOutput,
  sample: { rowCount: 2, insertId: null },
  connectors,
  needsConnection,
  initialConfig: { table: '', rows: [] },
};

export const mysqlConnector: ConnectorDef = {
  id: 'mysql',
  label: 'MySQL and MariaDB',
  summary: 'Read and write tables of a MySQL or MariaDB database.',
  icon: 'database',
  category: 'app',
  connection: z.strictObject(databaseFields('3306')).superRefine(({ host, ssl }, issues) => {
    // The driver checks names alone.
    if (ssl === 'verify-full' && /^[\d.]+$|:/.test(host))
      issues.addIssue({
        code: 'custom',
        path: ['host'],
        message: 'verify-full needs the name of the host, not its address',
      });
  }),
  proof: 'real_server',
  operations: [query, insert, upsert],
};
