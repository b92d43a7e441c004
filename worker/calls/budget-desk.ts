import type pg from 'pg';

import type { BudgetAnswer } from '#core/rate-budget.ts';
import { bookCallSlots } from '#server/sql/book-calls.ts';

interface Ask {
  readonly slot: number | null;
  readonly answer: PromiseWithResolvers<BudgetAnswer>;
}

/** Books calls with the budgets of connections. Calls over one connection that come while a booking is under way are booked together. */
export class BudgetDesk {
  readonly #pool: pg.Pool;
  readonly #lines = new Map<string, Ask[]>();

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /**
   * Null: the call may leave now. Else when to ask again, with that as the slot. Rejects when the database does not answer.
   *
   * @param slot what the call waited for; null for one that comes new.
   */
  book(workspaceId: string, connection: string, slot: number | null): Promise<BudgetAnswer> {
    const key = `${workspaceId} ${connection}`;
    const answer = Promise.withResolvers<BudgetAnswer>();
    const line = this.#lines.get(key);
    if (line) line.push({ slot, answer });
    else {
      this.#lines.set(key, [{ slot, answer }]);
      void this.#serve(key, { workspaceId, connection });
    }
    return answer.promise;
  }

  async #serve(key: string, place: { workspaceId: string; connection: string }): Promise<void> {
    for (;;) {
      const asks = this.#lines.get(key) ?? [];
      if (asks.length === 0) {
        this.#lines.delete(key);
        return;
      }
      this.#lines.set(key, []);
      // Who has waited, and longest, comes first.
      asks.sort((a, b) => (a.slot ?? Infinity) - (b.slot ?? Infinity) || 0);
      try {
        const answers = await bookCallSlots(this.#pool, { ...place, slots: asks.map(({ slot }) => slot) });
        asks.forEach(({ answer }, index) => answer.resolve(answers[index] ?? null));
      } catch (error) {
        for (const { answer } of asks) answer.reject(error);
      }
    }
  }
}
