import type { Problem } from '#core/api/common.ts';

/** An answer other than success, thrown anywhere in `server` and turned into `application/problem+json` by the API. */
export class ProblemError extends Error {
  readonly status: number;
  readonly title: string;
  readonly errors: Problem['errors'];
  readonly headers: Readonly<Record<string, string>>;
  /** Stable snake_case name; the problem's `type` is `/problems/<code>`. */
  readonly code: string;

  constructor(problem: {
    status: number;
    code: string;
    title: string;
    detail: string;
    errors?: Problem['errors'];
    headers?: Readonly<Record<string, string>>;
  }) {
    super(problem.detail);
    this.name = 'ProblemError';
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title;
    this.errors = problem.errors;
    this.headers = problem.headers ?? {};
  }
}

/** For what does not exist and for what belongs to another workspace alike. */
export function notFound(what: string): ProblemError {
  return new ProblemError({
    status: 404,
    code: 'not_found',
    title: 'Not found',
    detail: `There is no ${what}.`,
  });
}
