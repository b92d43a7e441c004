import { describe, expect, test } from 'vitest';

import { termsOf } from '#components/ledger/ledger-terms.ts';
import { driftInWords, isSound, openRuns, troubleInWords } from '#components/ledger/ledger-words.ts';
import type { Ledger, LedgerLine } from '#core/api/ledger.ts';

const RUNS = { queued: 0, running: 0, waiting: 2, in_doubt: 1, succeeded: 90, failed: 0, cancelled: 0 };
const line = (more: Partial<LedgerLine> = {}): LedgerLine => ({
  flow: null,
  flowName: '',
  accepted: 98,
  runs: RUNS,
  removed: 0,
  quarantined: 1,
  deduplicated: 4,
  drift: 0,
  ...more,
});
const ledger = (more: Partial<Ledger> = {}): Ledger => ({
  at: '2026-07-27T10:00:00.000Z',
  workspace: line(),
  flows: [line({ flow: 'orders' })],
  faults: [],
  ...more,
});
const fault = { code: 'event_without_run', message: 'Events have no run.', count: 2, runIds: [] };

describe('the equation', () => {
  test('has a term for all that there is, and its terms make the sum', () => {
    const terms = termsOf(line());
    expect(terms.map(({ label }) => label)).toEqual([
      'waiting',
      'in doubt',
      'succeeded',
      'failed',
      'quarantined',
      'duplicates',
    ]);
    expect(terms.reduce((sum, { count }) => sum + count, 0)).toBe(98);
    expect(openRuns(line())).toBe(3);
  });

  test('is sound only when every line adds up and no fault was found', () => {
    expect(isSound(ledger())).toBe(true);
    expect(isSound(ledger({ faults: [fault] }))).toBe(false);
    expect(isSound(ledger({ workspace: line({ drift: 1 }) }))).toBe(false);
    expect(isSound(ledger({ flows: [line({ drift: 1 }), line({ drift: -1 })] }))).toBe(false);
  });

  test('says what is wrong', () => {
    expect(driftInWords(1)).toBe('1 accepted event is not accounted for');
    expect(driftInWords(-2)).toBe('There are 2 runs more than were accepted');
    const both = troubleInWords(ledger({ workspace: line({ drift: 3 }), faults: [fault] }));
    expect(both).toBe('3 accepted events are not accounted for; 1 kind of fault was found in the records.');
    expect(troubleInWords(ledger({ flows: [line({ drift: 1 }), line({ drift: -1 })] }))).toMatch(
      /do not add up/,
    );
  });
});
