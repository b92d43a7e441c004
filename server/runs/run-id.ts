import { z } from 'zod';

import { notFound, type ProblemError } from '#server/problem.ts';

const uuidSchema = z.uuid();

/** The 404 of runs, for another workspace's too. */
export function noRun(id: string): ProblemError {
  return notFound(`run “${id.slice(0, 36)}” in this workspace`);
}

/** The run's id as the database spells it. Throws 404 for what is no UUID at all. */
export function runId(id: string): string {
  if (!uuidSchema.safeParse(id).success) throw noRun(id);
  return id.toLowerCase();
}
