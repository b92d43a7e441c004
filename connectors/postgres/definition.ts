import { z } from 'zod';

import type { ActionDef, ConnectorDef } from '#connectors/contract.ts';
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
  connection: z.strictObject({
    host: z
      .string()
      .regex(/^[A-Za-z0-9.:_-]{1,253}$/, 'write the name of a host, such as db.example.com')
      .meta({ title: 'Host', placeholder: 'db.example.com' }),
    port: z
      .string()
      .regex(/^\d{1,5}$/, 'write a number')
      .refine((text) => Number(text) >= 1 && Number(text) <= 65_535, 'write a number from 1 to 65535')
      .default('5432')
      .meta({ title: 'Port' }),
    database: z.string().min(1).max(63).meta({ title: 'Database' }),
    user: z.string().min(1).max(63).meta({ title: 'User' }),
    password: z.string().min(1).meta({ title: 'Password', secret: true }),
    ssl: z.enum(['verify-full', 'require', 'disable']).default('verify-full').meta({
      title: 'Encryption',
      help: 'verify-full checks the server’s certificate; require encrypts without knowing to whom; disable sends everything in the clear.',
    }),
    ca: z
      .string()
      .trim()
      .regex(
        /^-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----$/,
        'paste one or more certificates in PEM',
      )
      .optional()
      .meta({
        title: 'Authority of the server',
        help: 'PEM. Where the server’s certificate is signed by an authority of its own: it is trusted instead of the public ones.',
        widget: 'textarea',
        advanced: true,
      }),
  }),
  proof: 'real_server',
  operations: [query, insert, upsert],
};
