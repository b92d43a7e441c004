import { z } from 'zod';

import { ROLES } from './words.ts';

/** RFC 9457 problem, media type `application/problem+json`. */
export const problemSchema = z.object({
  type: z.string().describe('`/problems/<code>`; the code is stable.'),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What is wrong and what to do, in plain words.'),
  errors: z
    .array(z.object({ pointer: z.string(), message: z.string(), code: z.string().optional() }))
    .optional(),
});
export type Problem = z.output<typeof problemSchema>;

/** A page of a list. `next` is the cursor of the following page, null on the last. */
export function listSchema<T extends z.ZodType>(item: T) {
  return z.object({ data: z.array(item), next: z.string().nullable() });
}

export interface Page<T> {
  readonly data: readonly T[];
  readonly next: string | null;
}

/** Query parameters that every list takes. */
export const listQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Items on a page.'),
  cursor: z.string().max(500).optional().describe('The `next` of the page before; absent for the first.'),
});

/** ISO 8601 in UTC, as every time in the API. */
export const timestampSchema = z.iso.datetime({ offset: true });

export const roleSchema = z.enum(ROLES);
export type Role = z.output<typeof roleSchema>;
