import type { Attempt, Step } from '#core/api/runs.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import type { Json } from '#core/json.ts';
import { answerOf, type Pins } from '#core/pins/pin.ts';
import type { Attempt as AttemptRow, Step as StepRow } from '#prisma/generated/client.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';
import { triggerNode } from '#server/flows/trigger-node.ts';
import { isoTime } from '#server/runs/to-run-summary.ts';
import { triggerOutput } from '#server/runs/trigger-output.ts';

export type JournalRow = StepRow & { readonly attemptRows: readonly AttemptRow[] };

/** What steps lead to: the runs that they called, the questions that they asked. */
export interface StepLinks {
  readonly calls: readonly {
    readonly id: string;
    readonly parentNodeId: string | null;
    readonly parentKey: string | null;
  }[];
  readonly approvals: readonly { readonly id: string; readonly nodeId: string; readonly key: string }[];
}

/** What a run's steps are read with. */
export interface StepsOf {
  readonly document: FlowDocument;
  readonly pins: Pins | null;
  /** As `triggerValue` makes it; null for steps none of which is the trigger's. */
  readonly trigger: Json;
}

/** The journal as the API shows it: in the order in which steps began, those that never did last, as the document has them. */
export function toSteps(
  rows: readonly JournalRow[],
  { document, pins, trigger }: StepsOf,
  links: StepLinks,
): Step[] {
  const node = triggerNode(document);
  const outputOf = (row: JournalRow) =>
    row.output === null && row.nodeId === node?.id && row.status === 'succeeded'
      ? triggerOutput(node, trigger)
      : fromStoredJson(row.output as Json);
  const place = new Map(document.nodes.map((node, index) => [node.id, index]));
  const byBeginning = (a: JournalRow, b: JournalRow) =>
    startOf(a) - startOf(b) ||
    (place.get(a.nodeId) ?? 0) - (place.get(b.nodeId) ?? 0) ||
    a.key.localeCompare(b.key);
  const calls = new Map(
    links.calls.map((run) => [placeOf(run.parentNodeId ?? '', run.parentKey ?? ''), run.id]),
  );
  const approvals = new Map(links.approvals.map(({ id, nodeId, key }) => [placeOf(nodeId, key), id]));
  return [...rows].sort(byBeginning).map((row) => ({
    ...toStep(row),
    output: outputOf(row),
    ...(isPinned(row, pins) && { isPinned: true as const }),
    calledRunId: calls.get(placeOf(row.nodeId, row.key)) ?? null,
    approvalId: approvals.get(placeOf(row.nodeId, row.key)) ?? null,
  }));
}

function isPinned({ nodeId, key, attempts, isReused }: JournalRow, pins: Pins | null): boolean {
  return attempts > 0 && !isReused && answerOf(pins, nodeId, key) !== undefined;
}

function placeOf(nodeId: string, key: string): string {
  return `${nodeId} ${key}`;
}

function startOf(row: JournalRow): number {
  return row.startedAt?.getTime() ?? Number.MAX_SAFE_INTEGER;
}

function toStep(row: JournalRow): Omit<Step, 'output' | 'calledRunId' | 'approvalId' | 'isPinned'> {
  return {
    nodeId: row.nodeId,
    key: row.key,
    status: row.status,
    ports: row.ports,
    startedAt: isoTime(row.startedAt),
    finishedAt: isoTime(row.finishedAt),
    nextAttemptAt: isoTime(row.nextAttemptAt),
    attempts: toAttempts(row),
    input: fromStoredJson(row.input as Json),
    error: fromStoredJson(row.error as Json) as Step['error'],
    waitingFor: row.status === 'waiting' ? ((row.waitingFor ?? 'retry') as Step['waitingFor']) : null,
    isReused: row.isReused,
    logs: (fromStoredJson(row.logs as Json) ?? []) as string[],
  };
}

/** Attempts in order. The journal spares the row of a pure step's successful attempt: it follows from the step. */
function toAttempts(row: JournalRow): Attempt[] {
  const stored = [...row.attemptRows].sort((a, b) => a.number - b.number);
  const attempts = stored.map((attempt): Attempt => ({
    number: attempt.number,
    startedAt: attempt.startedAt.toISOString(),
    finishedAt: isoTime(attempt.finishedAt),
    error: fromStoredJson(attempt.error as Json) as Attempt['error'],
  }));
  const last = stored.at(-1);
  if (row.status !== 'succeeded' || !row.startedAt || (last?.number ?? 0) >= row.attempts) return attempts;
  const startedAt = (last?.finishedAt ?? row.startedAt).toISOString();
  return [...attempts, { number: row.attempts, startedAt, finishedAt: isoTime(row.finishedAt), error: null }];
}
