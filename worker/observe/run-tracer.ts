import { createHash } from 'node:crypto';

import type { Span } from '#core/trace/otlp.ts';
import { formatTraceparent, isAmongSampled, parseTraceparent } from '#core/trace/traceparent.ts';
import { isJsonObject } from '#core/json.ts';
import type { ClaimedRun } from '#server/sql/claim-runs.ts';
import type { TraceSettings } from '#server/trace/trace-settings.ts';
import type { LiveStep } from '#worker/live-step.ts';
import type { ObservedStep, RunObserver } from './observer.ts';

/**
 * Tells runs as traces: the run a span, each step one below it, and below that the attempts that did not settle it. Ids are derived
 * from the run's, so that any number of workers that have a hand in a run tell one trace, and nothing is kept for it.
 */
export function runTracer(
  settings: Pick<TraceSettings, 'share' | 'heedsCaller'>,
  add: (span: Span) => void,
): RunObserver {
  return {
    taken: () => undefined,
    traceparentOf: (run, { nodeId, key }) => {
      const { traceId, isSampled } = traceOf(run, settings);
      return formatTraceparent({ traceId, spanId: spanId(run.id, nodeId, key), isSampled });
    },
    stepped: (run, observed) => {
      const { node, step } = observed;
      const trace = traceOf(run, settings);
      if (
        !trace.isSampled ||
        node.kind === 'trigger' ||
        step.status === 'running' ||
        step.status === 'skipped'
      )
        return;
      if (step.status === 'waiting' || step.attempts > 1) add(attemptSpan(run, trace.traceId, observed));
      if (step.status !== 'waiting') add(stepSpan(run, trace.traceId, observed));
    },
    left: (run, { status, error, finishedAt }) => {
      const { traceId, parentId, isSampled } = traceOf(run, settings);
      if (finishedAt === undefined || !isSampled) return;
      add({
        ...{ traceId, parentId, spanId: spanId(run.id), name: `run ${run.flowSlug}`, kind: 'consumer' },
        start: run.startedAt.getTime(),
        end: finishedAt,
        attributes: { ...runAttributes(run), 'patchbay.run.status': status },
        error: status === 'failed' ? (error?.code ?? 'failed') : undefined,
      });
    },
  };
}

interface Trace {
  readonly traceId: string;
  /** The caller's span; absent where the trace begins here. */
  readonly parentId: string | undefined;
  readonly isSampled: boolean;
}

/** The trace that the event's sender began, else one that is named after the run. */
function traceOf(
  run: ClaimedRun,
  { share, heedsCaller }: Pick<TraceSettings, 'share' | 'heedsCaller'>,
): Trace {
  const headers = run.event?.headers;
  const caller = headers && isJsonObject(headers) ? parseTraceparent(headers['traceparent']) : null;
  const traceId = caller?.traceId ?? run.id.replaceAll('-', '');
  const isSampled = caller && heedsCaller ? caller.isSampled : isAmongSampled(traceId, share);
  return { traceId, parentId: caller?.spanId, isSampled };
}

function stepSpan(run: ClaimedRun, traceId: string, { node, step, now }: ObservedStep): Span {
  return {
    ...{ traceId, spanId: spanId(run.id, step.nodeId, step.key), parentId: spanId(run.id) },
    name: `step ${step.nodeId}`,
    kind: node.effect === 'pure' ? 'internal' : 'client',
    start: step.startedAt ?? now,
    end: step.finishedAt ?? now,
    attributes: { ...stepAttributes(run, { node, step }), 'patchbay.attempts': step.attempts },
    error: step.status === 'succeeded' ? undefined : (step.error?.code ?? step.status),
  };
}

function attemptSpan(run: ClaimedRun, traceId: string, { node, step, now }: ObservedStep): Span {
  const { nodeId, key, attempts, attemptStartedAt, waitingFor } = step;
  const start = attemptStartedAt ?? now;
  const parentId = spanId(run.id, nodeId, key);
  return {
    ...{ traceId, parentId, spanId: spanId(run.id, nodeId, key, String(attempts), String(start)) },
    name: `attempt ${attempts}`,
    kind: 'internal',
    start,
    end: now,
    attributes: {
      ...stepAttributes(run, { node, step }),
      'patchbay.attempt': attempts,
      'patchbay.waits_for': waitingFor ?? undefined,
    },
    error: step.error?.code,
  };
}

function runAttributes(run: ClaimedRun) {
  return {
    'patchbay.run.id': run.id,
    'patchbay.workspace.id': run.workspaceId,
    'patchbay.flow': run.flowSlug,
    'patchbay.flow.version': run.versionNumber ?? 'draft',
  };
}

function stepAttributes(
  run: ClaimedRun,
  { node, step }: { node: ObservedStep['node']; step: Readonly<LiveStep> },
) {
  return {
    ...runAttributes(run),
    'patchbay.node.id': step.nodeId,
    'patchbay.node.type': node.node.type,
    'patchbay.step.key': step.key === '' ? undefined : step.key,
    'patchbay.step.status': step.status,
  };
}

/** 8 bytes out of what names the span; never all zero, as good as certainly. */
function spanId(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}
