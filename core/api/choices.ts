import { z } from 'zod';

import { slugSchema } from '../flow-document.ts';
import { listSchema } from './common.ts';

/** What a live list is asked for. */
export const choiceQuerySchema = z.object({
  connection: slugSchema.describe('The connection whose account is asked.'),
  settings: z
    .string()
    .max(20_000)
    .default('{}')
    .describe('The settings of the step so far, as a JSON object: some lists depend on others.'),
  search: z.string().max(200).default('').describe('Words to look for; empty for all.'),
  cursor: z.string().max(4_000).optional().describe('The `next` of the page before; absent for the first.'),
});

/** One value that a setting can be given. */
export const choiceSchema = z.object({
  value: z.string(),
  label: z.string(),
  hint: z.string().optional(),
});
export const choiceListSchema = listSchema(choiceSchema);

export type Choice = z.output<typeof choiceSchema>;
