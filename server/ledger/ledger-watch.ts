import { pool } from '#server/db/pool.ts';
import { checkLedgers } from '#server/ledger/check-ledgers.ts';
import { RecurringLook } from '#server/recurring-look.ts';
import { confirmChecks, readLedgerChanges } from '#server/sql/ledger-checks.ts';

const LOOK_MS = 60_000;
/** After a look that found something new: longer than the worker's reconciler takes to put right what a crash left. */
const AGAIN_MS = 25_000;
/** A look may take a twentieth of the time at most, however many rows there are. */
const REST = 20;
/** Whatever the counts of changes say, the rows themselves are looked at so often. */
const AT_LEAST_MS = 15 * 60_000;

/**
 * Checks the ledgers once a minute for as long as the process runs; all processes together do it once. Where all was right and nothing
 * was written since, it still is: the rows, which may be many, are not read again.
 */
export class LedgerWatch extends RecurringLook {
  #right: { readonly changes: string; readonly at: number } | undefined;

  constructor() {
    super({
      look: async () => ((await this.#look()) ? { pauseMs: AGAIN_MS } : {}),
      pauseMs: LOOK_MS,
      rest: REST,
      part: 'ledger',
      trouble: 'the ledgers cannot be checked',
    });
  }

  /** Resolves to whether something was found that has yet to be confirmed. */
  async #look(): Promise<boolean> {
    // Before the rows: what is written meanwhile is looked at the next time.
    const changes = await readLedgerChanges(pool());
    const now = performance.now();
    const isUnchanged = this.#right?.changes === changes && now - this.#right.at < AT_LEAST_MS;
    if (isUnchanged) {
      await confirmChecks(pool());
      return false;
    }
    const { isUnsure, areAllRight } = await checkLedgers();
    this.#right = areAllRight && changes !== null ? { changes, at: now } : undefined;
    return isUnsure;
  }
}
