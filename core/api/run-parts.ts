import { z } from 'zod';

import { jsonSchema, nodeIdSchema } from '../flow-document.ts';
import { loopPathSchema } from './loops.ts';
import { runValueSchema } from './runs.ts';

const kindSchema = z.enum(['object', 'list', 'text', 'scalar']);

export const partQuerySchema = z.object({
  of: runValueSchema.describe('Which value of the run.'),
  node: nodeIdSchema.optional().describe('The node, for a value of a step.'),
  key: loopPathSchema.optional().describe('The loop path of the step; absent outside loops.'),
  pointer: z.string().max(2_000).default('').describe('JSON pointer into the value. Default: all of it.'),
  from: z.coerce.number().int().min(0).default(0).describe('The first entry, or character of a text.'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(100)
    .describe('How many entries; of a text, a hundred times as many characters.'),
});

const partEntrySchema = z.object({
  key: z.string().describe('Name of the field, or place in the list.'),
  kind: kindSchema,
  size: z.int().describe('Entries, or characters of a text.'),
  value: jsonSchema.describe('Null unless `isWhole`.'),
  isWhole: z.boolean().describe('False for a large entry: ask for it by its pointer.'),
});

export const jsonPartSchema = z.object({
  kind: kindSchema,
  size: z.int().describe('Entries of all of it, or characters of a text.'),
  from: z.int(),
  text: z
    .string()
    .nullable()
    .describe('The characters of a text; the JSON of a scalar; null for lists and objects.'),
  entries: z.array(partEntrySchema),
});

export type PartQuery = z.output<typeof partQuerySchema>;
export type JsonPart = z.output<typeof jsonPartSchema>;
export type PartEntry = z.output<typeof partEntrySchema>;
