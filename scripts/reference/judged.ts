import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { z } from 'zod';

const FILE = resolve(import.meta.dirname, '../../docs/reference/judged.json');

const judgedSchema = z.record(
  z.string(),
  z.strictObject({
    /** What judged, with its version. */
    by: z.array(z.string()),
    /** By the operation's id: the vendor's operations that it calls. */
    operations: z.record(z.string(), z.array(z.string())),
    lists: z.record(z.string(), z.string()),
  }),
);

export type Judged = z.output<typeof judgedSchema>;

/** What the tests found when the requests of connectors were held against something that the vendor made, by connector. */
export async function readJudged(): Promise<Judged> {
  return judgedSchema.parse(JSON.parse(await readFile(FILE, 'utf8')));
}
