import type { RunStatus, StepStatus } from '#core/api/runs.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import type { Rehearsal } from '#core/flow-tests/judge-test.ts';
import type { Json } from '#core/json.ts';
import { compareKeys, stepId } from '#core/plan/step-id.ts';
import type { RunError } from '#core/plan.ts';
import type { StepError } from '#core/step-failure.ts';
import type { WaitingFor } from '#server/journal/journal-rows.ts';
import type { RunWrite } from '#server/journal/journal-writer.ts';
import { triggerNode } from '#server/flows/trigger-node.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';
import { triggerOutput } from '#server/runs/trigger-output.ts';
import type { StoredStep } from '#server/sql/load-runs.ts';

/** The texts of `journal-rows.ts`, parsed; names as there. */
interface StepText {
  readonly n: string;
  readonly k: string;
  readonly s: StepStatus;
  readonly p: readonly string[];
  readonly i: Json;
  readonly o: Json;
  readonly e: Json;
  readonly a: number;
  readonly b: number | null;
  readonly f: number | null;
  readonly w: number | null;
  readonly v?: WaitingFor;
  readonly h?: string;
  readonly z?: { readonly value: Json };
  readonly l?: Json;
}

interface RunText {
  readonly s: RunStatus;
  readonly o: Json;
  readonly y: Json;
  readonly e: Json;
  readonly w: number | null;
  readonly f: number | null;
}

/** The row of the run, as far as the next activation needs it. */
interface RunSoFar {
  readonly status: RunStatus;
  readonly output: Json;
  readonly reply: Json;
  readonly error: RunError | null;
  /** In milliseconds since 1970. */
  readonly wakeAt: number | null;
}

/** Keeps what an activation commits, as the database would, for as long as the object lives. */
export class MemoryJournal {
  readonly #steps = new Map<string, StoredStep>();
  #run: RunSoFar = { status: 'queued', output: null, reply: null, error: null, wakeAt: null };
  #isOver = false;

  get run(): RunSoFar {
    return this.#run;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  commit({ runId, steps, run }: RunWrite): Promise<'kept'> {
    for (const text of steps) {
      const step = storedStep(runId, JSON.parse(text) as StepText);
      this.#steps.set(stepId(step.nodeId, step.key), step);
    }
    if (run !== null) this.#note(JSON.parse(run) as RunText);
    return Promise.resolve('kept');
  }

  #note({ s, o, y, e, w, f }: RunText): void {
    this.#isOver = f !== null;
    this.#run = {
      status: s,
      output: o ?? this.#run.output,
      reply: y ?? this.#run.reply,
      error: e as unknown as RunError | null,
      wakeAt: w === null ? null : w * 1_000,
    };
  }

  storedSteps(): StoredStep[] {
    return [...this.#steps.values()];
  }

  /** What the run came to, its steps in the order in which they began, as far as the clock tells; then as the document has them. */
  rehearsal(document: FlowDocument, trigger: Json): Rehearsal {
    const start = triggerNode(document);
    const outputOf = ({ nodeId, status, output }: StoredStep) =>
      nodeId === start?.id && status === 'succeeded' ? triggerOutput(start, trigger) : fromStoredJson(output);
    const place = new Map(document.nodes.map(({ id }, index) => [id, index]));
    const placeOf = ({ nodeId }: StoredStep) => place.get(nodeId) ?? 0;
    const steps = this.storedSteps().sort(
      (a, b) => startOf(a) - startOf(b) || placeOf(a) - placeOf(b) || compareKeys(a.key, b.key),
    );
    const { status, output, error } = this.#run;
    return {
      status,
      output: fromStoredJson(output),
      error,
      steps: steps.map((step) => ({
        nodeId: step.nodeId,
        key: step.key,
        status: step.status,
        ports: step.ports,
        input: fromStoredJson(step.input),
        output: outputOf(step),
        error: fromStoredJson(step.error) as unknown as StepError | null,
      })),
    };
  }
}

function startOf({ startedAt }: StoredStep): number {
  return startedAt?.getTime() ?? Number.MAX_SAFE_INTEGER;
}

function storedStep(runId: string, row: StepText): StoredStep {
  return {
    runId,
    nodeId: row.n,
    key: row.k,
    status: row.s,
    ports: row.p,
    input: row.i,
    output: row.o,
    error: row.e,
    attempts: row.a,
    startedAt: dateOf(row.b),
    finishedAt: dateOf(row.f),
    nextAttemptAt: dateOf(row.w),
    waitingFor: row.v ?? null,
    heldBy: row.h ?? null,
    isSuspended: row.z !== undefined,
    state: row.z?.value ?? null,
    logs: row.l ?? null,
    isReused: false,
    attemptsBefore: 0,
  };
}

function dateOf(seconds: number | null): Date | null {
  return seconds === null ? null : new Date(seconds * 1_000);
}
