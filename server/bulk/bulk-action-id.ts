import { z } from 'zod';

import { notFound, type ProblemError } from '#server/problem.ts';

const uuidSchema = z.uuid();

/** The 404 of bulk actions, for another workspace's too. */
export function noBulkAction(id: string): ProblemError {
  return notFound(`bulk action “${id.slice(0, 36)}” in this workspace`);
}

/** The id as the database spells it. Throws 404 for what is no UUID at all. */
export function bulkActionId(id: string): string {
  if (!uuidSchema.safeParse(id).success) throw noBulkAction(id);
  return id.toLowerCase();
}
