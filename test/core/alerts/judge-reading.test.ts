import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ALERT_KINDS } from '#core/alerts/alert-kinds.ts';
import { judgeReading, type JudgedReading, type JudgedRule } from '#core/alerts/judge-reading.ts';
import { alertKindSchema } from '#core/api/alerts.ts';

const RULE: JudgedRule = { kind: 'error_rate', threshold: 20, minimumRuns: 10, settleSeconds: 60 };
const of = (value: number, samples = 100): JudgedReading => ({ value, samples });
const open = (calmSince: number | null = null) => ({ open: { calmSince }, now: 100_000 });
const none = { open: null, now: 100_000 };

describe('a reading', () => {
  test('opens an alert at the threshold, if there were enough runs', () => {
    expect(judgeReading(RULE, of(20), none)).toEqual({ is: 'opens' });
    expect(judgeReading(RULE, of(19.9), none)).toEqual({ is: 'quiet' });
    expect(judgeReading(RULE, of(100, 9), none)).toEqual({ is: 'quiet' });
    expect(judgeReading(RULE, null, none)).toEqual({ is: 'quiet' });
  });

  test('a little under the threshold does not count as calm', () => {
    expect(judgeReading(RULE, of(18.5), open(40_000))).toEqual({ is: 'stays', calmSince: null });
    expect(judgeReading(RULE, of(17.9), open())).toEqual({ is: 'stays', calmSince: 100_000 });
  });

  test('ends an alert once it was calm for as long as the rule says', () => {
    expect(judgeReading(RULE, of(5), open(40_001))).toEqual({ is: 'stays', calmSince: 40_001 });
    expect(judgeReading(RULE, of(5), open(40_000))).toEqual({ is: 'resolves' });
    expect(judgeReading(RULE, null, open(40_000))).toEqual({ is: 'resolves' });
    expect(judgeReading({ ...RULE, settleSeconds: 0 }, of(0), open())).toEqual({ is: 'resolves' });
  });

  test('of a few runs keeps open what many opened', () => {
    expect(judgeReading(RULE, of(50, 2), open())).toEqual({ is: 'stays', calmSince: null });
  });

  test('of the days that a connection has left is the worse the lower it is', () => {
    const rule: JudgedRule = { kind: 'connection', threshold: 7, minimumRuns: 1, settleSeconds: 0 };
    expect(judgeReading(rule, of(0), none)).toEqual({ is: 'opens' });
    expect(judgeReading(rule, of(7.5), none)).toEqual({ is: 'quiet' });
    expect(judgeReading(rule, of(30), open())).toEqual({ is: 'resolves' });
  });
});

test('over any readings, an alert opens only at the threshold and ends only after unbroken calm', () => {
  const readings = fc.array(
    fc.record({
      value: fc.integer({ min: 0, max: 40 }),
      samples: fc.integer({ min: 0, max: 20 }),
      after: fc.integer({ min: 1, max: 50 }),
    }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(fc.constantFrom(...alertKindSchema.options), readings, (kind, sequence) => {
      const rule: JudgedRule = { kind, threshold: 20, minimumRuns: 10, settleSeconds: 60 };
      const { isFalling, calmUnder, needsRuns } = ALERT_KINDS[kind];
      let state: { calmSince: number | null } | null = null;
      let unbroken: number | null = null;
      let now = 0;
      for (const { value, samples, after } of sequence) {
        now += after * 1_000;
        const isCalm = isFalling ? value > 20 : value < 20 * calmUnder;
        unbroken = isCalm ? (unbroken ?? now) : null;
        const verdict = judgeReading(rule, { value, samples }, { open: state, now });
        if (verdict.is === 'opens') {
          expect(state).toBeNull();
          expect(isFalling ? value <= 20 : value >= 20).toBe(true);
          expect(!needsRuns || samples >= 10).toBe(true);
          state = { calmSince: null };
        } else if (verdict.is === 'resolves') {
          expect(now - unbroken!).toBeGreaterThanOrEqual(60_000);
          state = null;
        } else if (verdict.is === 'stays') state = { calmSince: verdict.calmSince };
        else expect(state).toBeNull();
      }
    }),
  );
});
