import { z } from 'zod';

import type { ChildMessage } from './protocol.ts';

const thrownError = z.object({ name: z.string(), message: z.string(), stack: z.string() });

const outcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), output: z.string() }),
  z.object({ kind: z.literal('threw'), thrown: thrownError }),
  z.object({
    kind: z.literal('refused'),
    code: z.enum(['code_result', 'code_output_too_large']),
    message: z.string(),
  }),
  z.object({ kind: z.literal('timeout') }),
  z.object({ kind: z.literal('memory') }),
]);

/** A child is trusted no further than this: its code may have found a way out of the engine. */
export const childMessageSchema: z.ZodType<ChildMessage> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('begun') }),
  z.object({ type: z.literal('log'), line: z.string() }),
  z.object({ type: z.literal('outcome'), outcome }),
]);
