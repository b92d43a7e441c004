import { ProviderUnready } from '#server/oauth/provider.ts';
import { ProblemError } from '#server/problem.ts';

/** For `catch`: what keeps a connection from asking for tokens, as a 422 problem; everything else is thrown as it is. */
export function unreadyProblem(thrown: unknown): never {
  if (!(thrown instanceof ProviderUnready)) throw thrown;
  throw new ProblemError({
    status: 422,
    code: thrown.code,
    title: 'The account cannot be connected yet',
    detail: thrown.message,
  });
}
