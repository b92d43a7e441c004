import type {
  HandlerResult,
  OpenConnection,
  Resumption,
  RunServices,
  StepContext,
  StepResult,
} from '#connectors/contract.ts';
import { findOperation } from '#connectors/definitions.ts';
import { findHandler } from '#connectors/handlers.ts';
import { evaluateValue } from '#core/evaluate-value.ts';
import type { ExpressionContext } from '#core/expression-context.ts';
import { jsonPointer } from '#core/fault.ts';
import type { Json, JsonObject } from '#core/json.ts';
import type { PinnedAnswer } from '#core/pins/pin.ts';
import type { PlanNode } from '#core/plan-graph.ts';
import { StepFailure, toStepError, type StepError } from '#core/step-failure.ts';
import type { AttemptCalls, CallingAttempt } from '#worker/calls/attempt-calls.ts';
import { HeldBack, type Hold } from '#worker/calls/held-back.ts';
import { crashPoint } from '#server/crash-point.ts';
import { idempotencyKey } from '#worker/idempotency-key.ts';
import { Redaction } from '#worker/redact.ts';
import { requiredConnection } from '#worker/required-connection.ts';
import { StepLog } from '#worker/step-log.ts';

/** One attempt to be made. */
export interface StepJob {
  readonly run: {
    readonly id: string;
    readonly workspaceId: string;
    readonly startedAt: Date;
    /** Whose version it runs; null for nobody's. */
    readonly userId: string | null;
  };
  readonly planned: PlanNode;
  readonly key: string;
  readonly context: ExpressionContext;
  /** Set where a person gave settings instead of those that the expressions make. */
  readonly settings: Json | undefined;
  /** By the database's clock, in milliseconds since 1970. */
  readonly now: number;
  /** Set when the step suspended itself and now goes on. */
  readonly resumed: Resumption | undefined;
  /** The slot of its connection's budget that the step waited for. */
  readonly slot: number | null;
  /** True where a person wants it tried now. */
  readonly isUrged: boolean;
  /** What calls of the attempt carry as `traceparent`; undefined where nothing is traced. */
  readonly traceparent: string | undefined;
  /** Aborted when the run is cancelled, lost or drained; its reason is what ended it. */
  readonly signal: AbortSignal;
  /** Set for a pinned step, which answers with this and calls nobody. */
  readonly answer: PinnedAnswer | undefined;
}

/** What the attempt came to. Everything in it is free of the connection's secrets. */
export interface StepOutcome {
  /** The settings with all expressions evaluated; null when that failed. */
  readonly input: Json;
  readonly result: HandlerResult | null;
  readonly error: StepError | null;
  /** Set beside the error where the step waits for its connection, or its first call was held back: nothing was carried out. */
  readonly hold: Hold | null;
  /** The lines that the handler kept with the step. */
  readonly logs: readonly string[];
}

/** A step that asks something of its run. */
export interface AskingStep {
  readonly run: { readonly id: string; readonly workspaceId: string };
  readonly nodeId: string;
  readonly key: string;
  /** Aborted when the attempt's time is up or the run stops it. */
  readonly signal: AbortSignal;
  /** What is left of the attempt's time. */
  readonly leftMs: number;
  /** Keeps a line with the step. */
  readonly log: (line: string) => void;
}

/** What steps need of the world. */
export interface StepServices {
  /** The HTTP client of one attempt, which holds calls back that must not leave now. */
  callsOf(attempt: CallingAttempt): AttemptCalls;
  openConnection(workspaceId: string, slug: string): Promise<OpenConnection | null>;
  /** What this step may ask of its run; made anew for each attempt. */
  runServices(step: AskingStep): RunServices;
}

const DEFAULT_TIMEOUT_SECONDS = 30;

/** Makes one attempt of a step: settings, connection, handler, deadline. Never throws. */
export async function runStep(job: StepJob, services: StepServices): Promise<StepOutcome> {
  const deadline = startDeadline(job);
  let input: Json = null;
  const redaction = new Redaction();
  const lines = new StepLog();
  let calls: AttemptCalls | undefined;
  try {
    const work = async () => {
      const { node } = job.planned;
      input = job.settings ?? (await evaluateValue(node.config, job.context, '/config'));
      const settings = checkSettings(job.planned, input);
      if (job.answer) return pinnedResult(job.answer);
      const { workspaceId, userId } = job.run;
      const { connection: slug } = node;
      const { now } = job;
      const connection = await requiredConnection(services, {
        workspaceId,
        userId,
        slug,
        now,
        leftMs: deadline.leftMs(),
      });
      redaction.add(connection);
      const handler = findHandler(node.type, node.version);
      if (!handler) throw failure('invalid', 'unknown_operation', `Nothing here can run ${node.type}.`);
      calls = services.callsOf({
        workspaceId,
        slug,
        connection,
        slot: job.slot,
        isUrged: job.isUrged,
        effect: job.planned.effect,
        traceparent: job.traceparent,
        leftMs: () => deadline.leftMs(),
        redaction,
      });
      crashPoint('call.before', node.id);
      const result = await handler(
        settings,
        contextOf(job, { services, calls, connection, deadline, lines }),
      );
      crashPoint('call.after', node.id);
      return result;
    };
    const result = await Promise.race([work(), deadline.passed]);
    return {
      input: redaction.apply(input),
      result: redactResult(result, redaction),
      error: null,
      hold: null,
      logs: redaction.apply([...lines.kept]),
    };
  } catch (thrown) {
    const error = toStepError(job.signal.aborted ? job.signal.reason : thrown);
    return {
      input: redaction.apply(input),
      result: null,
      error: redaction.apply(error as unknown as JsonObject) as unknown as StepError,
      hold: thrown instanceof HeldBack ? thrown.hold : (calls?.hold ?? null),
      logs: redaction.apply([...lines.kept]),
    };
  } finally {
    calls?.close();
    deadline.clear();
  }
}

function pinnedResult(answer: PinnedAnswer): StepResult {
  if ('error' in answer) throw new StepFailure(answer.error);
  return { output: answer.output, ...(answer.ports && { ports: answer.ports }) };
}

interface Deadline {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** What is left of it. */
  leftMs(): number;
  /** Rejects when the time is up or the run stops the step, for handlers that do not heed the signal. */
  readonly passed: Promise<never>;
  clear(): void;
}

function startDeadline({ planned, signal }: StepJob): Deadline {
  const operation = findOperation(planned.node.type, planned.node.version)?.operation;
  const declared = operation?.kind === 'action' ? operation.timeoutSeconds : undefined;
  const seconds = planned.node.timeoutSeconds ?? declared ?? DEFAULT_TIMEOUT_SECONDS;
  const controller = new AbortController();
  const { promise, reject } = Promise.withResolvers<never>();
  // The race may be over before this rejects.
  promise.catch(() => undefined);
  const stop = (reason: Error) => {
    controller.abort(reason);
    reject(reason);
  };
  const endsAt = performance.now() + seconds * 1_000;
  const timer = setTimeout(
    () => stop(failure('transient', 'timeout', `The step took longer than its ${seconds} s.`)),
    seconds * 1_000,
  );
  const onAbort = () => stop(signal.reason as Error);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    timeoutMs: seconds * 1_000,
    leftMs: () => Math.max(0, endsAt - performance.now()),
    passed: promise,
    clear: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    },
  };
}

/** The operation's own schema has the last word on what the expressions made; it fills in defaults, too. */
function checkSettings({ node }: PlanNode, input: Json): JsonObject {
  const found = findOperation(node.type, node.version);
  if (!found) throw failure('invalid', 'unknown_operation', `Nothing here can run ${node.type}.`);
  const parsed = found.operation.input.safeParse(input);
  if (parsed.success) return parsed.data as JsonObject;
  const issue = parsed.error.issues[0];
  const path = issue?.path ?? [];
  throw new StepFailure({
    kind: 'invalid',
    code: 'invalid_settings',
    message: `The setting ${path.join('.') || 'of this step'} is wrong: ${issue?.message ?? 'it does not fit'}.`,
    pointer: jsonPointer(['config', ...path]),
  });
}

function contextOf(
  job: StepJob,
  given: {
    services: StepServices;
    calls: AttemptCalls;
    connection: OpenConnection | undefined;
    deadline: Deadline;
    lines: StepLog;
  },
): StepContext {
  const { run, planned, key } = job;
  const { signal, timeoutMs } = given.deadline;
  const log = (line: string) => given.lines.add(line);
  return {
    now: job.now,
    resumed: job.resumed,
    services: given.services.runServices({
      run,
      nodeId: planned.node.id,
      key,
      signal,
      leftMs: given.deadline.leftMs(),
      log,
    }),
    log,
    run: { id: run.id, startedAt: run.startedAt },
    node: { id: planned.node.id, key },
    idempotencyKey: idempotencyKey(run.id, planned.node.id, key),
    effect: planned.effect,
    signal,
    timeoutMs,
    http: given.calls.http,
    dial: given.calls.dial,
    connection: given.connection,
  };
}

function redactResult(result: HandlerResult, redaction: Redaction): HandlerResult {
  // The state of a step that waits is read by its handler alone, and must come back as it was.
  if ('suspend' in result) return result;
  const output = redaction.apply(result.output);
  if (!result.reply) return { ...result, output };
  return {
    ...result,
    output,
    reply: redaction.apply(result.reply as unknown as JsonObject) as unknown as typeof result.reply,
  };
}

function failure(kind: StepError['kind'], code: string, message: string): StepFailure {
  return new StepFailure({ kind, code, message });
}
