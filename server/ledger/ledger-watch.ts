import { checkLedgers } from '#server/ledger/check-ledgers.ts';
import { RecurringLook } from '#server/recurring-look.ts';

const LOOK_MS = 60_000;
/** After a look that found something new: longer than the worker's reconciler takes to put right what a crash left. */
const AGAIN_MS = 25_000;
/** A look may take a twentieth of the time at most, however many rows there are. */
const REST = 20;

/** Checks the ledgers once a minute for as long as the process runs; all processes together do it once. */
export class LedgerWatch extends RecurringLook {
  constructor() {
    super({
      look: async () => ((await checkLedgers()) ? { pauseMs: AGAIN_MS } : {}),
      pauseMs: LOOK_MS,
      rest: REST,
      part: 'ledger',
      trouble: 'the ledgers cannot be checked',
    });
  }
}
