import type { Fault } from '#core/fault.ts';
import { ProblemError } from '#server/problem.ts';

/** A 422 that lists every fault with its pointer and code. */
export function faultsProblem(title: string, faults: readonly Fault[]): ProblemError {
  const count = faults.length === 1 ? 'One fault' : `${faults.length} faults`;
  return new ProblemError({
    status: 422,
    code: 'invalid_flow',
    title,
    detail: `${count} in the flow document: ${faults[0]?.message ?? ''}${faults.length > 1 ? ' …' : ''}`,
    errors: faults.map(({ pointer, message, code }) => ({ pointer, message, code })),
  });
}

/** A 422 about one place of the request. */
export function invalidAt(pointer: string, code: string, message: string): ProblemError {
  return new ProblemError({
    status: 422,
    code: 'invalid_request',
    title: 'The request is not valid',
    detail: message,
    errors: [{ pointer, message, code }],
  });
}
