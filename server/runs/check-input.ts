import type { FlowNode } from '#core/flow-document.ts';
import { isJsonObject, type Json } from '#core/json.ts';
import { compileJsonSchema } from '#core/json-schema.ts';
import { ProblemError } from '#server/problem.ts';

/** Checks the input against the schema of a manual trigger, if it has one. Throws 422 with every mismatch. */
export function checkInput(trigger: FlowNode | undefined, input: Json): void {
  const schema = trigger?.type === 'core.manual' ? trigger.config['schema'] : undefined;
  if (!isJsonObject(schema)) return;
  const mismatches = compileJsonSchema(schema, { allErrors: true })(input);
  if (mismatches.length === 0) return;
  throw new ProblemError({
    status: 422,
    code: 'invalid_input',
    title: 'The input does not match the schema of the flow',
    detail: `The input ${mismatches[0]?.message ?? ''}${mismatches.length > 1 ? ' …' : ''}`,
    errors: mismatches.map((mismatch) => ({ ...mismatch, pointer: `/input${mismatch.pointer}` })),
  });
}
