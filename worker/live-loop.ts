import type { Json } from '#core/json.ts';
import type { LoopRecord, SettledIteration } from '#core/plan.ts';
import type { StepError } from '#core/step-failure.ts';

/** What `core.each` makes of its settings. */
export interface LoopOpening {
  readonly items: readonly Json[];
  readonly concurrency: number;
  readonly onItemError: 'fail' | 'continue';
}

/**
 * A loop under way. It remembers of each iteration whether it began, and of settled ones the result alone; their steps
 * are in the journal.
 */
export class LiveLoop implements LoopRecord {
  readonly items: readonly Json[];
  readonly concurrency: number;
  readonly stopsAtFailure: boolean;
  readonly open = new Set<number>();
  readonly #begun: Uint8Array;
  readonly #results: Json[];
  readonly #errors = new Map<number, StepError>();
  #lowestFailed = Infinity;
  /** No index below it is free. */
  #next = 0;

  /** `begun`: the indexes of which the journal has steps. */
  constructor({ items, concurrency, onItemError }: LoopOpening, begun: Iterable<number> = []) {
    this.items = items;
    this.concurrency = concurrency;
    this.stopsAtFailure = onItemError === 'fail';
    this.#begun = new Uint8Array(items.length);
    this.#results = new Array<Json>(items.length).fill(null);
    for (const index of begun) this.begin(index);
  }

  get count(): number {
    return this.items.length;
  }

  get failure(): StepError | null {
    return this.stopsAtFailure ? (this.#errors.get(this.#lowestFailed) ?? null) : null;
  }

  nextFrom(from: number): number {
    while (this.#next < this.count && this.#begun[this.#next] === 1) this.#next += 1;
    let index = Math.max(from, this.#next);
    while (index < this.count && this.#begun[index] === 1) index += 1;
    return index;
  }

  begin(index: number): void {
    this.#begun[index] = 1;
    this.open.add(index);
  }

  settle({ index, result, error }: SettledIteration): void {
    this.open.delete(index);
    this.#results[index] = result;
    if (!error) return;
    this.#errors.set(index, error);
    this.#lowestFailed = Math.min(this.#lowestFailed, index);
  }

  /** `{ results, errors }`, both in item order. */
  output(): Json {
    const errors = [...this.#errors].sort(([a], [b]) => a - b).map(([index, error]) => ({ index, error }));
    return { results: this.#results, errors } as unknown as Json;
  }
}
