import { catalog } from '#connectors/definitions.ts';
import type { RunServices } from '#connectors/contract.ts';
import type { FlowTest } from '#core/api/flow-tests.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import type { Rehearsal } from '#core/flow-tests/judge-test.ts';
import type { Json } from '#core/json.ts';
import { callsOut } from '#core/pins/calls-out.ts';
import { noAnswer, type Pin, type Pins } from '#core/pins/pin.ts';
import { compilePlan } from '#core/plan-graph.ts';
import { StepFailure } from '#core/step-failure.ts';
import { triggerNode } from '#server/flows/trigger-node.ts';
import { manualEvent } from '#server/runs/manual-event.ts';
import { triggerValue } from '#server/runs/trigger-value.ts';
import type { ClaimedEvent, ClaimedRun } from '#server/sql/claim-runs.ts';
import { Activation, type ActivationServices } from '#worker/activation.ts';
import { NO_OBSERVER } from '#worker/observe/observer.ts';
import type { AskingStep } from '#worker/run-step.ts';
import { MemoryJournal } from './memory-journal.ts';
import { NO_CALLS } from './no-calls.ts';

/** A test that is carried out. */
export type RehearsedTest = Pick<FlowTest, 'runId' | 'input' | 'receivedAt' | 'startedAt' | 'pins'>;

export interface RehearsalPlace {
  readonly workspaceId: string;
  readonly document: FlowDocument;
  /** Null for a draft. */
  readonly version: number | null;
  /** Code runs in the sandbox, as ever. */
  readonly runCode: (step: AskingStep, job: Parameters<RunServices['runCode']>[0]) => Promise<Json>;
}

/** A flow that waits again and again is stopped after so many times. */
const MAX_WAITS = 1_000;

/**
 * Carries a test out: the same activation as any run has, with a journal in memory, no way out, and a clock that jumps to the
 * end of each wait. Calls answer with their pins; one that has none fails. Leaves nothing in the database.
 * Throws `StepFailure` for a document that cannot run, `ProblemError` for an input that its trigger cannot have.
 */
export async function rehearse(test: RehearsedTest, place: RehearsalPlace): Promise<Rehearsal> {
  const { document } = place;
  const graph = compilePlan(document, catalog);
  const clock = new JumpingClock(Date.parse(test.startedAt));
  const journal = new MemoryJournal();
  const pins = answersFor(document, test.pins);
  for (let waits = 0; waits < MAX_WAITS; waits += 1) {
    const run = runOf(test, { place, pins, journal });
    const given = { run, userId: null, graph, stored: journal.storedSteps(), signals: [], orders: [] };
    await new Activation(given, servicesOf(place, { clock, journal })).advance();
    const { status, wakeAt } = journal.run;
    if (journal.isOver || wakeAt === null) break;
    if (status === 'waiting' || status === 'queued') clock.jumpTo(wakeAt);
  }
  return journal.rehearsal(document, triggerValue(eventOf(test, document)));
}

function eventOf({ input, receivedAt }: RehearsedTest, document: FlowDocument): ClaimedEvent {
  const event = manualEvent(triggerNode(document), input);
  return {
    ...event,
    body: Buffer.from(event.body),
    headers: event.headers,
    receivedAt: new Date(receivedAt),
  };
}

/** Each call has an answer, be it that there is none. */
function answersFor(document: FlowDocument, pins: Pins): Pins {
  const all: Record<string, Pin> = { ...pins };
  for (const node of document.nodes)
    if (callsOut(node) && !Object.hasOwn(all, node.id)) {
      const { kind, code, message } = noAnswer(node.label || node.id);
      all[node.id] = { error: { kind, code, message } };
    }
  return all;
}

function runOf(
  test: RehearsedTest,
  { place, pins, journal }: { place: RehearsalPlace; pins: Pins; journal: MemoryJournal },
): ClaimedRun {
  const { runId: id, startedAt } = test;
  return {
    id,
    workspaceId: place.workspaceId,
    flowGroup: id,
    flowSlug: place.document.slug,
    flowVersionId: id,
    versionNumber: place.version,
    epoch: 1,
    deaths: 0,
    cancelRequested: false,
    startedAt: new Date(startedAt),
    resumedAt: null,
    overrides: null,
    pins,
    reply: journal.run.reply,
    output: journal.run.output,
    hasHistory: false,
    concurrencyKey: null,
    concurrencyLimit: null,
    isAdmitted: true,
    signals: 0,
    failure: journal.run.error,
    isAwaited: false,
    event: eventOf(test, place.document),
  };
}

function servicesOf(
  { runCode }: RehearsalPlace,
  { clock, journal }: { clock: JumpingClock; journal: MemoryJournal },
): ActivationServices {
  const refuse = () => Promise.reject(new StepFailure(noAnswer('this step')));
  return {
    ...NO_CALLS,
    runServices: (step) => ({
      callFlow: refuse,
      ask: refuse,
      expire: refuse,
      runCode: (job) => runCode(step, job),
    }),
    clock,
    journal,
    publish: () => undefined,
    wakeAt: () => undefined,
    loadSteps: () => Promise.resolve(journal.storedSteps()),
    runEnded: () => undefined,
    roomMade: () => undefined,
    observer: NO_OBSERVER,
  };
}

/** Goes on as time does, and jumps ahead where a run waits. */
class JumpingClock {
  #offset: number;

  constructor(at: number) {
    this.#offset = at - performance.now();
  }

  now(): number {
    return performance.now() + this.#offset;
  }

  jumpTo(time: number): void {
    this.#offset = Math.max(this.#offset, time - performance.now());
  }
}
