import { z } from 'zod';

import { jsonSchema } from '../flow-document.ts';
import { timestampSchema } from './common.ts';

export const systemWorkerSchema = z.object({
  id: z.uuid(),
  host: z.string(),
  pid: z.int(),
  startedAt: timestampSchema,
  heartbeatAt: timestampSchema,
  isSilent: z.boolean().describe('Not heard of for 5 seconds; its peers take its runs over soon.'),
  isWard: z.boolean().describe('Runs alone what may have killed other workers.'),
  slots: z.int().describe('Runs that it carries out at once at most.'),
  leases: z.int().describe('Runs that it holds.'),
});

export const systemTableSchema = z.object({
  name: z.string(),
  bytes: z.int().describe('With its indexes and what is stored beside it.'),
  rows: z.int().describe('As Postgres estimates them.'),
  deadRows: z.int().describe('Versions of rows that vacuum has yet to remove.'),
  vacuumedAt: timestampSchema.nullable(),
  analyzedAt: timestampSchema.nullable(),
});

/** The whole installation, all workspaces of it together. */
export const systemSchema = z.object({
  at: timestampSchema,
  versions: z.object({ patchbay: z.string(), node: z.string(), postgres: z.string() }),
  clockSkewSeconds: z
    .number()
    .describe("How far this web process's clock is ahead of the database's, which counts."),
  queue: z.object({
    due: z.int().describe('Runs that are due and unclaimed.'),
    oldestSeconds: z.number().describe('For how long the first of them has been due.'),
    running: z.int(),
    waiting: z.int(),
    inDoubt: z.int(),
    mails: z.int().describe('Mails that are to be sent.'),
  }),
  workers: z.array(systemWorkerSchema),
  database: z.object({
    isEmbedded: z.boolean().describe('Patchbay brought it, and keeps it running.'),
    name: z.string(),
    startedAt: timestampSchema,
    bytes: z.int(),
    connections: z.int(),
    maxConnections: z.int(),
    longestTransactionSeconds: z.number().describe('A long one keeps vacuum from its work.'),
    isDurable: z
      .boolean()
      .describe('False where fsync or synchronous_commit is off: a crash may lose what was accepted.'),
    migrations: z.object({ applied: z.int(), last: z.string(), failed: z.array(z.string()) }),
    tables: z.array(systemTableSchema).describe('Largest first.'),
  }),
  lastBackup: z
    .object({ at: timestampSchema, detail: jsonSchema })
    .nullable()
    .describe('Made by `patchbay backup`; null when none is known.'),
});

export type System = z.output<typeof systemSchema>;
export type SystemWorker = z.output<typeof systemWorkerSchema>;
export type SystemTable = z.output<typeof systemTableSchema>;
