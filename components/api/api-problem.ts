import type { Problem } from '#core/api/common.ts';
import { isJsonObject } from '#core/json.ts';

/** An answer other than success from the API, or none at all (`status` 0: Patchbay was not reached). */
export class ApiProblem extends Error {
  readonly status: number;
  /** Stable snake_case name, the last part of the problem's `type`; `unreachable` when there was no answer. */
  readonly code: string;
  readonly title: string;
  readonly errors: NonNullable<Problem['errors']>;

  constructor(problem: Problem, options?: { cause?: unknown }) {
    super(problem.detail, options);
    this.name = 'ApiProblem';
    this.status = problem.status;
    this.code = problem.type.split('/').at(-1) ?? problem.type;
    this.title = problem.title;
    this.errors = problem.errors ?? [];
  }

  /** The message for one field of the body, by its JSON pointer, for example `/slug`. */
  messageAt(pointer: string): string | undefined {
    return this.errors.find((error) => error.pointer === pointer)?.message;
  }
}

/** The problem that a failed reply describes; one made from the status where the body is no problem+json. */
export function problemFromReply(status: number, body: unknown): ApiProblem {
  if (isProblem(body)) return new ApiProblem(body);
  return new ApiProblem({
    type: `/problems/http_${status}`,
    title: 'Unexpected answer',
    status,
    detail: `Patchbay answered ${status} without saying why. Try again; if it happens again, look into the server's log.`,
  });
}

function isProblem(body: unknown): body is Problem {
  if (!isJsonObject(body)) return false;
  const { type, title, status, detail, errors = [] } = body;
  return (
    [type, title, detail].every((text) => typeof text === 'string') &&
    typeof status === 'number' &&
    Array.isArray(errors) &&
    errors.every(
      (error) =>
        isJsonObject(error) && typeof error['pointer'] === 'string' && typeof error['message'] === 'string',
    )
  );
}

/** The problem when no reply came. */
export function unreachableProblem(cause: unknown): ApiProblem {
  return new ApiProblem(
    {
      type: '/problems/unreachable',
      title: 'No connection',
      status: 0,
      detail: 'Patchbay cannot be reached. Check the network, and whether the server runs, then try again.',
    },
    { cause },
  );
}

/** What to tell a person about anything that was thrown. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof ApiProblem && thrown.errors.length > 0) {
    return thrown.errors.map((error) => error.message).join(' ');
  }
  return thrown instanceof Error ? thrown.message : String(thrown);
}
