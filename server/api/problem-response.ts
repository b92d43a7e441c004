import type { Problem } from '#core/api/common.ts';
import { isUnavailable } from '#server/db/is-unavailable.ts';
import { log } from '#server/log.ts';
import { ProblemError } from '#server/problem.ts';

/** The `application/problem+json` for whatever was thrown. What is not a `ProblemError` is logged and told nothing about. */
export function problemResponse(thrown: unknown, requestId: string): Response {
  const problem = problemOf(thrown, requestId);
  const { code, title, status, message: detail, errors } = problem;
  const body: Problem = { type: `/problems/${code}`, title, status, detail, ...(errors ? { errors } : {}) };
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...problem.headers, 'content-type': 'application/problem+json' },
  });
}

function problemOf(thrown: unknown, requestId: string): ProblemError {
  if (thrown instanceof ProblemError) return thrown;
  return isUnavailable(thrown) ? unavailable(thrown, requestId) : unexpected(thrown, requestId);
}

function unavailable(thrown: unknown, requestId: string): ProblemError {
  log.warn({ part: 'api', requestId, err: thrown }, 'An API request found no database');
  return new ProblemError({
    status: 503,
    code: 'database_unavailable',
    title: 'The database is busy or away',
    detail:
      'Patchbay’s database did not answer in time. Send the request again in a moment; with the same Idempotency-Key it is done once.',
    headers: { 'retry-after': '2' },
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
