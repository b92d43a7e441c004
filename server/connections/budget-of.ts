import type { RateBudget } from '#core/rate-budget.ts';

/** The rate budget of a connection's row; null for none. */
export function budgetOf(row: {
  readonly budgetCalls: number | null;
  readonly budgetSeconds: number | null;
}): RateBudget | null {
  const { budgetCalls: calls, budgetSeconds: seconds } = row;
  return calls === null || seconds === null ? null : { calls, seconds };
}
