import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { z } from 'zod';

import { flowDocumentSchema, jsonSchema } from '#core/flow-document.ts';

export const EXAMPLES_FOLDER = resolve(import.meta.dirname, '../../docs/reference/examples');

/** The far end in examples. The test puts a server of its own in its place. */
export const FAR_END = 'https://api.example.com';

/** Examples that are not of a node type but of settings of flows and nodes. */
export const TOPICS: readonly string[] = ['flows.compensate', 'flows.on_failure'];

const startSchema = z.union([
  z.strictObject({ input: jsonSchema }),
  z.strictObject({
    webhook: z.strictObject({
      method: z.string().default('POST'),
      query: z.string().default(''),
      headers: z.record(z.string(), z.string()).default({}),
      body: jsonSchema,
    }),
  }),
  z.strictObject({ tick: z.literal(true) }),
]);

/** A request that the flow makes, and what the far end answers. */
const farSchema = z.strictObject({
  request: z.strictObject({ method: z.string(), path: z.string() }),
  reply: z.strictObject({ status: z.int().default(200), body: jsonSchema }),
});

/**
 * A runnable example of a node type, as it stands in `docs/reference/examples/<type>.json`. Texts such as `<a time>` in
 * what is expected stand for any text.
 */
export const exampleSchema = z.strictObject({
  about: z.string().min(20),
  flow: flowDocumentSchema,
  /** Connections that the flow names: their slugs by the kind of account. */
  connections: z.record(z.string(), z.string()).default({}),
  /** Flows that must be published first. */
  otherFlows: z.array(flowDocumentSchema).default([]),
  start: startSchema,
  far: z.array(farSchema).default([]),
  /** What a person says to the approval that the run asks for. */
  decide: z.strictObject({ decision: z.enum(['approved', 'rejected']), comment: z.string() }).optional(),
  expect: z.strictObject({
    status: z.enum(['succeeded', 'failed', 'cancelled']),
    output: jsonSchema.optional(),
    /** What the error of a failed run has, among other things. */
    error: z.record(z.string(), jsonSchema).optional(),
    /** Ports that the step of this type followed. */
    ports: z.array(z.string()).optional(),
    /** What the far end receives, in this order. */
    calls: z
      .array(z.strictObject({ method: z.string(), path: z.string(), body: jsonSchema.optional() }))
      .optional(),
    /** What the caller of the webhook is answered. */
    reply: z.strictObject({ status: z.int(), body: jsonSchema }).optional(),
  }),
});

export type Example = z.output<typeof exampleSchema>;

/** The example of a node type or topic. Throws when there is none, or it is not one. */
export async function readExample(type: string): Promise<Example> {
  const text = await readFile(join(EXAMPLES_FOLDER, `${type}.json`), 'utf8').catch((cause: unknown) => {
    throw new Error(`Each node type needs an example: write docs/reference/examples/${type}.json.`, {
      cause,
    });
  });
  const parsed = exampleSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new Error(`docs/reference/examples/${type}.json: ${z.prettifyError(parsed.error)}`);
}
