import type { Run, Step } from '#core/api/runs.ts';
import type { FlowDocument, FlowNode } from '#core/flow-document.ts';
import { undoNodeIds } from '#core/loop-body.ts';

/** A stretch of time as shares of the whole: 0 is the run's beginning, 1 its end or now. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface WaitSpan extends Span {
  /** `start`: ready, not begun yet. `retry`: between two attempts. `now`: it waits still. */
  readonly kind: 'start' | 'retry' | 'now';
  readonly ms: number;
}

export interface AttemptBar extends Span {
  readonly number: number;
  readonly status: 'running' | 'waiting' | 'succeeded' | 'failed' | 'in_doubt' | 'cancelled';
  readonly ms: number;
}

export interface WaterfallRow {
  readonly step: Step;
  readonly label: string;
  /** True for a step that undoes another. */
  readonly isUndo: boolean;
  /** Thin lines: before the first attempt, between attempts, and up to now while it waits. */
  readonly waits: readonly WaitSpan[];
  /** How much of `ms` it waited instead of working: between attempts, and since the last one. */
  readonly waitMs: number;
  readonly bars: readonly AttemptBar[];
  /** From the first attempt's start to the end, in milliseconds; null before it. */
  readonly ms: number | null;
}

export interface Waterfall {
  readonly startMs: number;
  readonly totalMs: number;
  /** From the event's arrival until a worker took the run; null for one that no worker ever took. */
  readonly queue: (Span & { readonly ms: number }) | null;
  readonly rows: readonly WaterfallRow[];
  /** Marks of the axis, in milliseconds from the start. */
  readonly ticks: readonly number[];
}

type TimedRun = Pick<Run, 'createdAt' | 'startedAt' | 'finishedAt' | 'status' | 'document'> & {
  readonly steps: readonly Step[];
};

/** Where each step and attempt stands in time. Skipped steps that never began have a row without bars. */
export function layOutWaterfall(
  run: TimedRun,
  nowMs: number,
  labelOf: (node: FlowNode) => string,
): Waterfall {
  const startMs = Date.parse(run.createdAt);
  const endMs = endOf(run, nowMs);
  const totalMs = Math.max(endMs - startMs, 1);
  const scale: Scale = { startMs, totalMs, nowMs: Math.max(endMs, startMs) };
  const labels = new Map(run.document.nodes.map((node) => [node.id, labelOf(node)]));
  const finished = latestEnds(run.steps);
  const undoing = undoNodeIds(run.document);
  const rows = run.steps.map((step) => {
    const isUndo = undoing.has(step.nodeId);
    // No edge leads to what undoes: it waits for nothing that could be drawn.
    const readyMs = isUndo ? Infinity : (readyTime(step, run.document, finished) ?? startMs);
    return layOutStep(step, {
      label: labels.get(step.nodeId) ?? step.nodeId,
      isUndo,
      readyMs,
      scale,
    });
  });
  return { startMs, totalMs, queue: queueOf(run, scale), rows, ticks: niceTicks(totalMs) };
}

function queueOf({ startedAt, finishedAt }: TimedRun, scale: Scale): Waterfall['queue'] {
  // Cancelled before anybody took it.
  if (startedAt === null && finishedAt !== null) return null;
  const endMs = startedAt === null ? scale.nowMs : Math.max(scale.startMs, Date.parse(startedAt));
  return { ...span(scale.startMs, endMs, scale), ms: endMs - scale.startMs };
}

interface Scale {
  readonly startMs: number;
  readonly totalMs: number;
  readonly nowMs: number;
}

/** The end of an ended run, else now; never before the last thing that is known to have happened. */
function endOf(run: TimedRun, nowMs: number): number {
  const known = run.steps
    .filter(({ isReused }) => !isReused)
    .flatMap((step) => [
      step.finishedAt,
      ...step.attempts.flatMap((attempt) => [attempt.startedAt, attempt.finishedAt]),
    ]);
  const latest = Math.max(
    Date.parse(run.createdAt),
    ...known.map((at) => (at === null ? 0 : Date.parse(at))),
  );
  return Math.max(latest, run.finishedAt === null ? nowMs : Date.parse(run.finishedAt));
}

/** When each step ended, by node and loop path. */
function latestEnds(steps: readonly Step[]): ReadonlyMap<string, number> {
  const ended = steps.filter((step) => step.finishedAt !== null && !step.isReused);
  return new Map(ended.map((step) => [`${step.nodeId} ${step.key}`, Date.parse(step.finishedAt as string)]));
}

/** When the last of the steps before this one ended; undefined when none did. */
function readyTime(
  step: Step,
  document: FlowDocument,
  finished: ReadonlyMap<string, number>,
): number | undefined {
  const times = document.edges
    .filter((edge) => edge.to === step.nodeId)
    .map((edge) => finished.get(`${edge.from} ${step.key}`) ?? finished.get(`${edge.from} `))
    .filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.max(...times);
}

function layOutStep(
  step: Step,
  { label, isUndo, readyMs, scale }: { label: string; isUndo: boolean; readyMs: number; scale: Scale },
): WaterfallRow {
  // It did not run here: its times are those of another run.
  if (step.isReused) return { step, label, isUndo, waits: [], waitMs: 0, bars: [], ms: null };
  const attempts = step.attempts.map((attempt) => ({
    attempt,
    startMs: Date.parse(attempt.startedAt),
    endMs: attempt.finishedAt === null ? scale.nowMs : Date.parse(attempt.finishedAt),
  }));
  const first = attempts[0];
  if (first === undefined) {
    const waits = waitingOnly(step, readyMs, scale);
    return { step, label, isUndo, waits, waitMs: 0, bars: [], ms: null };
  }
  const gaps = attempts.map(({ startMs }, index) => {
    const previousEnd = index === 0 ? Math.min(readyMs, startMs) : (attempts[index - 1]?.endMs ?? startMs);
    return waitSpan(index === 0 ? 'start' : 'retry', [previousEnd, startMs], scale);
  });
  const lastEnd = attempts.at(-1)?.endMs ?? first.startMs;
  const tail = step.status === 'waiting' ? [waitSpan('now', [lastEnd, scale.nowMs], scale)] : [];
  const waits = [...gaps, ...tail].filter(({ from, to }) => to > from);
  return {
    step,
    label,
    isUndo,
    waits,
    waitMs: waits.reduce((sum, { kind, ms }) => (kind === 'start' ? sum : sum + ms), 0),
    bars: attempts.map(({ attempt, startMs, endMs }, index) => ({
      ...span(startMs, endMs, scale),
      number: attempt.number,
      status: attemptStatus(step, index),
      ms: Math.max(0, endMs - startMs),
    })),
    ms: Math.max(0, (step.status === 'waiting' ? scale.nowMs : lastEnd) - first.startMs),
  };
}

function waitingOnly(step: Step, readyMs: number, scale: Scale): readonly WaitSpan[] {
  const isOpen = step.status === 'waiting' || step.status === 'running';
  return isOpen ? [waitSpan('now', [readyMs, scale.nowMs], scale)] : [];
}

/** Earlier attempts have failed, or there would be no later one; the last has the step's own status. */
function attemptStatus(step: Step, index: number): AttemptBar['status'] {
  const attempt = step.attempts[index];
  if (index < step.attempts.length - 1 || attempt === undefined) return 'failed';
  if (attempt.finishedAt === null && step.status === 'running') return 'running';
  // It suspended itself: for a time, a decision or a called run.
  if (attempt.finishedAt === null && step.status === 'waiting') return 'waiting';
  if (step.status === 'cancelled') return 'cancelled';
  if (attempt.error !== null) return step.status === 'in_doubt' ? 'in_doubt' : 'failed';
  if (step.status === 'waiting' || step.status === 'skipped') return 'succeeded';
  return step.status;
}

function waitSpan(kind: WaitSpan['kind'], [from, to]: readonly [number, number], scale: Scale): WaitSpan {
  return { kind, ms: Math.max(0, to - from), ...span(from, to, scale) };
}

function span(fromMs: number, toMs: number, { startMs, totalMs }: Scale): Span {
  const share = (ms: number) => Math.min(1, Math.max(0, (ms - startMs) / totalMs));
  return { from: share(fromMs), to: Math.max(share(fromMs), share(toMs)) };
}

/** Four to eight marks at round distances (1, 2 or 5 times a power of ten; minutes and hours from a minute on). */
export function niceTicks(totalMs: number): readonly number[] {
  const rough = totalMs / 5;
  const units = [1, 60_000, 3_600_000, 86_400_000].filter((unit) => unit <= Math.max(1, rough * 2));
  const unit = units.at(-1) ?? 1;
  const power = 10 ** Math.floor(Math.log10(Math.max(rough / unit, 0.001)));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power * unit >= rough) ?? 10;
  const step = factor * power * unit;
  const count = Math.floor(totalMs / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}
