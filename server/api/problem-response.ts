import type { Problem } from '#core/api/common.ts';
import { log } from '#server/log.ts';
import { ProblemError } from '#server/problem.ts';

/** The `application/problem+json` for whatever was thrown. What is not a `ProblemError` is logged and told nothing about. */
export function problemResponse(thrown: unknown, requestId: string): Response {
  const problem = thrown instanceof ProblemError ? thrown : unexpected(thrown, requestId);
  const { code, title, status, message: detail, errors } = problem;
  const body: Problem = { type: `/problems/${code}`, title, status, detail, ...(errors ? { errors } : {}) };
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...problem.headers, 'content-type': 'application/problem+json' },
  });
}

function unexpected(thrown: unknown, requestId: string): ProblemError {
  log.error({ part: 'api', requestId, err: thrown }, 'An API request failed unexpectedly');
  return new ProblemError({
    status: 500,
    code: 'internal_error',
    title: 'Something went wrong',
    detail: `Patchbay failed on this request. Try again; if it stays, look for the request id ${requestId} in the log.`,
  });
}
