/** So many calls in so many seconds. */
export interface RateBudget {
  readonly calls: number;
  readonly seconds: number;
}

/** How far a budget is booked out. Times in milliseconds since 1970, by the database's clock. */
export interface BudgetLine {
  /** The next free slot for who comes now. */
  readonly freeAt: number;
  /** When the call after the last one may leave, to the tolerance. */
  readonly nextAt: number;
}

export const EMPTY_LINE: BudgetLine = { freeAt: 0, nextAt: 0 };

/** Null: the call may leave now. Else the slot at which to ask again. */
export type BudgetAnswer = number | null;

/** A slot that is met this much early is met. */
const EARLY_MS = 5;

/** How much sooner after the last one a call may leave because that one was late for its slot. */
export function toleranceMs({ seconds }: RateBudget): number {
  return Math.min(100, seconds * 100);
}

/** What lies between two slots. With the tolerance, no span of `seconds` ever has more than `calls` calls in it. */
export function spacingMs(budget: RateBudget): number {
  return (budget.seconds * 1_000 + toleranceMs(budget)) / budget.calls;
}

/**
 * Books calls, in the order given. Slots lie evenly and none is saved up; who has waited for a slot comes before who comes
 * now. Leave is given only when the call is to go out, so that late callers never crowd into one moment.
 *
 * @param slots for each call the slot that it waited for; null for one that comes new.
 */
export function bookCalls(
  budget: RateBudget,
  line: BudgetLine,
  { slots, now }: { readonly slots: readonly (number | null)[]; readonly now: number },
): { readonly line: BudgetLine; readonly answers: readonly BudgetAnswer[] } {
  const spacing = spacingMs(budget);
  let { freeAt, nextAt } = line;
  let late = 0;
  const mayLeave = () => nextAt - toleranceMs(budget) <= now;
  const answer = (slot: number | null): BudgetAnswer => {
    if (slot !== null && slot > now + EARLY_MS) return slot;
    if (mayLeave() && (slot !== null || freeAt <= now)) {
      nextAt = Math.max(now, nextAt) + spacing;
      freeAt = Math.max(freeAt, nextAt);
      return null;
    }
    // Keeps its place in front of the line: others were late, too, and go one after the other.
    if (slot !== null) return nextAt + spacing * late++;
    const booked = Math.max(freeAt, nextAt, now);
    freeAt = booked + spacing;
    return booked;
  };
  const answers = slots.map(answer);
  return { line: { freeAt, nextAt }, answers };
}
