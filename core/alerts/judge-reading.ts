import type { AlertKind } from '../api/alerts.ts';
import { ALERT_KINDS } from './alert-kinds.ts';

/** What a rule asks for. */
export interface JudgedRule {
  readonly kind: AlertKind;
  readonly threshold: number;
  readonly minimumRuns: number;
  readonly settleSeconds: number;
}

/** What was measured of one flow, connection or workspace. */
export interface JudgedReading {
  /** In the kind's unit. */
  readonly value: number;
  /** Ended runs that it comes from; only kinds that need some look at it. */
  readonly samples: number;
}

/** `quiet`: nothing is open. `stays`: open, and calm since then, or not calm. */
export type Verdict =
  | { readonly is: 'quiet' | 'opens' | 'resolves' }
  | { readonly is: 'stays'; readonly calmSince: number | null };

/**
 * What becomes of an alert by a reading. One opens at the threshold, if there were enough runs. It stays open until the reading was
 * calm, which is some way below the threshold, for the rule's whole time to settle.
 *
 * @param reading null when there is nothing to measure (any more): as calm as can be.
 * @param open the open alert; null when there is none. Times in milliseconds.
 */
export function judgeReading(
  rule: JudgedRule,
  reading: JudgedReading | null,
  { open, now }: { readonly open: { readonly calmSince: number | null } | null; readonly now: number },
): Verdict {
  if (open === null) return { is: reading !== null && opens(rule, reading) ? 'opens' : 'quiet' };
  if (reading !== null && !isCalm(rule, reading)) return { is: 'stays', calmSince: null };
  const calmSince = open.calmSince ?? now;
  return now - calmSince >= rule.settleSeconds * 1_000 ? { is: 'resolves' } : { is: 'stays', calmSince };
}

function opens({ kind, threshold, minimumRuns }: JudgedRule, { value, samples }: JudgedReading): boolean {
  const { needsRuns, isFalling } = ALERT_KINDS[kind];
  if (needsRuns && samples < minimumRuns) return false;
  return isFalling ? value <= threshold : value >= threshold;
}

function isCalm({ kind, threshold }: JudgedRule, { value }: JudgedReading): boolean {
  const { isFalling, calmUnder } = ALERT_KINDS[kind];
  return isFalling ? value > threshold : value < threshold * calmUnder;
}
