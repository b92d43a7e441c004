import type { CrashPoint } from '#server/crash-points.ts';

import { RECOVERY_SCENES } from './recovery-scenes.ts';
import { TOKEN_SCENES } from './token-scenes.ts';
import { WEB_SCENES } from './web-scenes.ts';
import { WORKER_SCENES } from './worker-scenes.ts';

export const SCENES = { ...WORKER_SCENES, ...WEB_SCENES, ...RECOVERY_SCENES, ...TOKEN_SCENES };

/** A crash at one point of one scene, and what must have come of it in the end. */
export interface CrashCase {
  readonly point: CrashPoint;
  /** Which pass: `@node` or `:n`. Default: the first. */
  readonly where?: string;
  readonly scene: keyof typeof SCENES;
  /** How the new runs stand in the end, in alphabetical order. */
  readonly runs: readonly ('failed' | 'in_doubt' | 'succeeded')[];
  /** Calls at the far end by node, over all new runs; a pair is the least and the most. */
  readonly calls: Readonly<Record<string, number | readonly [number, number]>>;
}

const ONE = ['succeeded'] as const;
const TWO = ['succeeded', 'succeeded'] as const;
const THREE = ['succeeded', 'succeeded', 'succeeded'] as const;
const FAILED = ['failed', 'succeeded'] as const;
const DOUBT = ['in_doubt'] as const;
const ONCE = { first: 1, second: 1 };
/** What is not on record is repeated; whether it was, at such a point, depends on how long the call took. */
const PERHAPS = [1, 2] as const;

/** Every point at least once; `crash-points.test.ts` sees to it. */
export const CRASH_CASES: readonly CrashCase[] = [
  { point: 'ingress.before_commit', scene: 'event', runs: ONE, calls: { first: 1 } },
  { point: 'ingress.after_commit', scene: 'event', runs: ONE, calls: { first: 1 } },
  { point: 'ingress.after_reply', scene: 'event', runs: ONE, calls: { first: 1 } },
  { point: 'wake.before_send', scene: 'event', runs: ONE, calls: { first: 1 } },
  { point: 'wake.after_send', scene: 'event', runs: ONE, calls: { first: 1 } },
  { point: 'start.before_commit', scene: 'start', runs: [], calls: {} },
  { point: 'start.after_commit', scene: 'start', runs: ONE, calls: { first: 1 } },
  { point: 'approval.before_commit', scene: 'decision', runs: ONE, calls: { second: 1 } },
  { point: 'approval.after_commit', scene: 'decision', runs: ONE, calls: { second: 1 } },
  { point: 'connection.before_commit', scene: 'connection', runs: ONE, calls: { first: 1 } },
  { point: 'connection.after_commit', scene: 'connection', runs: ONE, calls: { first: 1 } },
  { point: 'order.before_commit', scene: 'doubt', runs: ONE, calls: { first: 1, pay: 2 } },
  { point: 'order.after_commit', scene: 'doubt', runs: ONE, calls: { first: 1, pay: 2 } },
  { point: 'resume.before_commit', scene: 'resume', runs: ONE, calls: { first: 1, flaky: 2 } },
  { point: 'resume.after_commit', scene: 'resume', runs: ONE, calls: { first: 1, flaky: 2 } },
  { point: 'bulk.before_commit', scene: 'bulk', runs: THREE, calls: { flaky: 6 } },
  { point: 'bulk.after_commit', scene: 'bulk', runs: THREE, calls: { flaky: 6 } },
  { point: 'claim.before_commit', scene: 'calls', runs: ONE, calls: ONCE },
  { point: 'claim.after_commit', scene: 'calls', runs: ONE, calls: ONCE },
  { point: 'journal.before_commit', scene: 'calls', runs: ONE, calls: { first: PERHAPS, second: PERHAPS } },
  { point: 'journal.after_commit', scene: 'calls', runs: ONE, calls: { first: PERHAPS, second: PERHAPS } },
  { point: 'intent.before_commit', scene: 'once', runs: ONE, calls: { first: PERHAPS, pay: 1 } },
  { point: 'intent.after_commit', scene: 'once', runs: DOUBT, calls: { first: 1, pay: 0 } },
  { point: 'call.before', where: '@first', scene: 'calls', runs: ONE, calls: ONCE },
  { point: 'call.before', where: '@pay', scene: 'once', runs: DOUBT, calls: { first: 1, pay: 0 } },
  { point: 'call.after', where: '@first', scene: 'calls', runs: ONE, calls: { first: 2, second: 1 } },
  { point: 'call.after', where: '@second', scene: 'calls', runs: ONE, calls: { first: 1, second: 2 } },
  { point: 'call.after', where: '@pay', scene: 'once', runs: DOUBT, calls: { first: 1, pay: 1 } },
  { point: 'sandbox.after_result', scene: 'code', runs: ONE, calls: { second: 1 } },
  { point: 'wait.before_commit', scene: 'waits', runs: ONE, calls: { first: PERHAPS, second: 1 } },
  { point: 'wait.after_commit', scene: 'waits', runs: ONE, calls: ONCE },
  { point: 'end.before_commit', scene: 'calls', runs: ONE, calls: { first: 1, second: PERHAPS } },
  { point: 'end.after_commit', scene: 'calls', runs: ONE, calls: ONCE },
  { point: 'end.after_commit', scene: 'line', runs: TWO, calls: { first: 2 } },
  { point: 'dead_letter.before_commit', scene: 'failing', runs: FAILED, calls: { bad: PERHAPS, alarm: 1 } },
  { point: 'dead_letter.after_commit', scene: 'failing', runs: FAILED, calls: { bad: 1, alarm: 1 } },
  { point: 'telling.before_commit', scene: 'caller', runs: TWO, calls: ONCE },
  { point: 'telling.after_commit', scene: 'caller', runs: TWO, calls: ONCE },
  { point: 'telling.before_commit', scene: 'line', runs: TWO, calls: { first: 2 } },
  { point: 'failure_flow.before_commit', scene: 'failing', runs: FAILED, calls: { bad: 1, alarm: 1 } },
  { point: 'called_run.before_commit', scene: 'caller', runs: TWO, calls: ONCE },
  { point: 'called_run.after_commit', scene: 'caller', runs: TWO, calls: { first: PERHAPS, second: 1 } },
  { point: 'question.before_commit', scene: 'asking', runs: ONE, calls: { second: 1 } },
  { point: 'question.after_commit', scene: 'asking', runs: ONE, calls: { second: 1 } },
  { point: 'token.before_ask', scene: 'renewal', runs: ONE, calls: { first: 1 } },
  { point: 'token.after_answer', scene: 'renewal', runs: ONE, calls: { first: 1 } },
  { point: 'token.after_save', scene: 'renewal', runs: ONE, calls: { first: 1 } },
  { point: 'schedule.before_commit', scene: 'schedule', runs: ONE, calls: { first: 1 } },
  { point: 'schedule.after_commit', scene: 'schedule', runs: ONE, calls: { first: PERHAPS } },
  { point: 'poll.after_lease', scene: 'poll', runs: THREE, calls: { first: 3 } },
  { point: 'poll.before_commit', scene: 'poll', runs: THREE, calls: { first: 3 } },
  { point: 'poll.after_commit', scene: 'poll', runs: THREE, calls: { first: [3, 6] } },
];

/** True where the point comes after the commit in question. */
export function isCommitted({ point }: CrashCase): boolean {
  return point.includes('.after_') || point.startsWith('wake.');
}
