import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { z } from 'zod';

const FILE = resolve(import.meta.dirname, '../../docs/reference/judged.json');

const approvalSchema = z.strictObject({
  /** The vendor's operations that it calls. */
  calls: z.array(z.string()),
  /** What judged, with its version. */
  by: z.array(z.string()),
});

const judgedSchema = z.record(
  z.string(),
  z.strictObject({
    operations: z.record(z.string(), approvalSchema),
    lists: z.record(z.string(), approvalSchema),
    /** What nothing of the vendor's judges, and why. */
    unjudged: z.record(z.string(), z.string()),
  }),
);

export type Judged = z.output<typeof judgedSchema>;

/** What the tests found when the requests of connectors were held against something that the vendor made, by connector. */
export async function readJudged(): Promise<Judged> {
  return judgedSchema.parse(JSON.parse(await readFile(FILE, 'utf8')));
}
