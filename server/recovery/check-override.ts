import { findOperation } from '#connectors/definitions.ts';
import type { FlowNode } from '#core/flow-document.ts';
import type { Json } from '#core/json.ts';
import { toFaults } from '#server/api/zod-faults.ts';
import { ProblemError } from '#server/problem.ts';

/** Settings that a person gives a step must be those that its operation takes. Throws 422 with every fault, pointing into `/input`. */
export function checkOverride(node: FlowNode, input: Json): void {
  const operation = findOperation(node.type, node.version)?.operation;
  const parsed = operation?.input.safeParse(input);
  if (!parsed || parsed.success) return;
  const errors = toFaults(parsed.error.issues, ['input']);
  throw new ProblemError({
    status: 422,
    code: 'invalid_input',
    title: 'The settings do not fit the step',
    detail: `“${node.label ?? node.id}” does not take these settings: ${errors[0]?.message ?? ''}`,
    errors,
  });
}
