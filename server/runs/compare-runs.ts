import type { RunComparisonReply } from '#core/api/compare-runs.ts';
import { compareRuns } from '#core/compare-runs/compare-runs.ts';
import { describeComparison } from '#core/compare-runs/describe-comparison.ts';
import { runSummarySchema, type Run, type RunSummary } from '#core/api/runs.ts';
import { prisma } from '#server/db/prisma.ts';
import { ProblemError } from '#server/problem.ts';
import { readRun } from '#server/runs/read-run.ts';
import { noRun, runId } from '#server/runs/run-id.ts';

/** Beyond so many steps inside loops, in either run, the loops are compared as a whole. */
const MAX_LOOP_STEPS = 2_000;

interface Asked {
  readonly workspaceId: string;
  readonly id: string;
  /** The id of the earlier run, or `last_success`. */
  readonly with: string;
}

/**
 * A run beside another one of its flow, or beside the last that succeeded. Throws 404 for a run that is not there or nothing to
 * compare with, 422 for runs of two flows.
 */
export async function compareTwoRuns(asked: Asked): Promise<RunComparisonReply> {
  const { workspaceId } = asked;
  const later = await findRun(workspaceId, asked.id);
  const earlier =
    asked.with === 'last_success'
      ? await lastSuccess(workspaceId, later)
      : await findRun(workspaceId, asked.with);
  if (later.flowSlug !== earlier.flowSlug) throw otherFlow(earlier.flowName, later.flowName);
  const isFolded = await hasManySteps([earlier.id, later.id]);
  // One after the other: each may be large.
  const before = await readRun(workspaceId, earlier.id, { isFolded });
  const after = await readRun(workspaceId, later.id, { isFolded });
  return {
    before: summaryOf(before),
    after: summaryOf(after),
    ...describeComparison(compareRuns(before, after)),
    loops: isFolded ? 'folded' : 'all',
    document: after.document,
  };
}

interface FoundRun {
  readonly id: string;
  readonly flowSlug: string;
  readonly flowName: string;
  readonly createdAt: Date;
}

const COLUMNS = { id: true, flowSlug: true, flowName: true, createdAt: true } as const;

async function findRun(workspaceId: string, id: string): Promise<FoundRun> {
  const found = await prisma().run.findFirst({ where: { id: runId(id), workspaceId }, select: COLUMNS });
  if (!found) throw noRun(id);
  return found;
}

/** Before the run; of a run that came before all successes, the newest. */
async function lastSuccess(workspaceId: string, run: FoundRun): Promise<FoundRun> {
  const successes = {
    workspaceId,
    flowSlug: run.flowSlug,
    status: 'succeeded',
    id: { not: run.id },
  } as const;
  const newest = { createdAt: 'desc' } as const;
  const found =
    (await prisma().run.findFirst({
      where: { ...successes, createdAt: { lt: run.createdAt } },
      orderBy: newest,
      select: COLUMNS,
    })) ?? (await prisma().run.findFirst({ where: successes, orderBy: newest, select: COLUMNS }));
  if (!found) throw noSuccess(run.flowName);
  return found;
}

async function hasManySteps(ids: readonly string[]): Promise<boolean> {
  for (const id of ids) {
    const steps = await prisma().step.count({
      where: { runId: id, key: { not: '' } },
      take: MAX_LOOP_STEPS + 1,
    });
    if (steps > MAX_LOOP_STEPS) return true;
  }
  return false;
}

/** Without what only the whole run has. */
function summaryOf(run: Run): RunSummary {
  return runSummarySchema.parse(run);
}

function noSuccess(flowName: string): ProblemError {
  return new ProblemError({
    status: 404,
    code: 'no_success_to_compare',
    title: 'Nothing to compare with',
    detail: `No other run of “${flowName}” has succeeded yet. Name a run to compare with.`,
  });
}

function otherFlow(earlier: string, later: string): ProblemError {
  return new ProblemError({
    status: 422,
    code: 'runs_of_two_flows',
    title: 'Runs of two flows',
    detail: `One is a run of “${earlier}”, the other of “${later}”. Choose two runs of one flow.`,
    errors: [{ pointer: '/with', message: 'Name a run of the same flow.' }],
  });
}
