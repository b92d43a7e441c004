import { z } from 'zod';

import { compileRegex } from '../expression/regex-engine.ts';
import { jsonSchema, nodeIdSchema } from '../flow-document.ts';
import type { Json } from '../json.ts';

/** What a test expects of a field. */
export const expectationSchema = z
  .strictObject({
    nodeId: nodeIdSchema.nullable().describe('The step; null for the run as a whole.'),
    key: z.string().max(200).default('').describe('Loop path of the step; empty outside loops.'),
    path: z
      .string()
      .max(2_000)
      .regex(/^\/(status|input|output|error)(\/|$)/, 'begin with /status, /input, /output or /error')
      .describe('JSON pointer to the field: `/status`, or into `/input`, `/output` or `/error`.')
      .meta({ examples: ['/output/title'] }),
    op: z
      .enum(['equals', 'exists', 'absent', 'contains', 'matches'])
      .describe(
        '`contains`: a text within a text, or an item of a list. `matches`: a regular expression, found anywhere in the text.',
      ),
    value: jsonSchema.optional().describe('Of `equals`, `contains` and `matches`.'),
  })
  .superRefine(({ op, value }, context) => {
    const fault = valueFault(op, value);
    if (fault !== undefined) context.addIssue({ code: 'custom', path: ['value'], message: fault });
  });

function valueFault(op: string, value: Json | undefined): string | undefined {
  if (op === 'exists' || op === 'absent') return undefined;
  if (value === undefined) return 'is missing: say what is expected';
  if (op !== 'matches') return undefined;
  if (typeof value !== 'string') return 'must be a regular expression, as a text';
  try {
    compileRegex(new RegExp(value));
    return undefined;
  } catch (error) {
    return `is no regular expression that can be used: ${error instanceof Error ? error.message : String(error)}`;
  }
}

export type Expectation = z.output<typeof expectationSchema>;

/** What a run came to, as expectations see it. */
export interface TestSubject {
  readonly run: Readonly<Record<string, unknown>>;
  /** By `stepId`. */
  readonly steps: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}
