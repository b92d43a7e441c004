'use client';

import { Braces, CornerDownRight, Link2, ListTree, Pin } from 'lucide-react';
import { useState } from 'react';

import { DoubtCard } from '#components/recovery/doubt-card.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { formatDuration } from '#components/ui/format-duration.ts';
import { IconButton } from '#components/ui/icon-button.tsx';
import { lazyPart } from '#components/ui/lazy-part.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import type { Run, Step } from '#core/api/runs.ts';

import { AttemptList } from './attempt-list.tsx';
import { DetailSection } from './detail-section.tsx';
import { ErrorCard } from './error-card.tsx';
import { durationOf } from './node-states.ts';
import { RunValue } from './run-value.tsx';
import { limitText } from './limit-text.ts';
import { CalledRun, ReusedNote, UndoNote, WaitNote } from './step-links.tsx';
import { stepHref } from './step-link.ts';
import { useStepWords } from './step-looks.tsx';
import { StepLogs } from './step-logs.tsx';
import type { RunView } from './use-run-view.ts';

// Few steps ask somebody, or are loops.
const StepApproval = lazyPart(
  async () => (await import('./step-approval.tsx')).StepApproval,
  undefined,
  <Skeleton className="mx-4 mb-4 h-24" />,
);
const IterationList = lazyPart(
  async () => (await import('./iteration-list.tsx')).IterationList,
  undefined,
  <Skeleton className="h-24" />,
);

export interface StepDetailsProps {
  readonly run: Run;
  readonly step: Step;
  readonly view: RunView;
  readonly now: number;
}

/** One step: what went wrong first, then what came out, what went in, and each attempt. */
export function StepDetails({ run, step, view, now }: StepDetailsProps) {
  const [isRaw, setRaw] = useState(false);
  const node = run.document.nodes.find((each) => each.id === step.nodeId);
  const { lookOf } = useStepWords();
  const look = node === undefined ? undefined : lookOf(node);
  const ms = durationOf(step, now);
  return (
    <div>
      <div className="flex items-start gap-2 px-4 py-3">
        <div className="min-w-0 flex-1">
          <h2 className="truncate text-base font-semibold tracking-tight" title={node?.label ?? step.nodeId}>
            {node?.label ?? look?.label ?? step.nodeId}
          </h2>
          <p className="mt-0.5 flex flex-wrap items-center gap-x-2 text-xs text-muted-foreground">
            <span>{look?.label ?? node?.type}</span>
            <code className="font-mono">steps.{step.nodeId}</code>
            {step.key !== '' && <span>item #{step.key}</span>}
            {ms !== null && <span className="tabular-nums">{formatDuration(ms)}</span>}
          </p>
        </div>
        {step.isReused && (
          <Badge tone="outline" className="mt-0.5">
            <CornerDownRight aria-hidden />
            Taken over
          </Badge>
        )}
        {step.isPinned && (
          <Badge tone="outline" className="mt-0.5">
            <Pin aria-hidden />
            Pinned
          </Badge>
        )}
        <StatusBadge status={step.status} waitingFor={step.waitingFor} className="mt-0.5" />
        <CopyButton
          text={() => new URL(stepHref(run.id, step), window.location.href).href}
          icon={<Link2 aria-hidden />}
          label="Copy a link to this step"
          className="-mt-0.5"
        />
        <IconButton
          size="sm"
          label={isRaw ? 'Show as a tree' : 'Show as raw JSON'}
          aria-pressed={isRaw}
          className="-mt-0.5"
          onClick={() => setRaw(!isRaw)}
        >
          {isRaw ? <ListTree aria-hidden /> : <Braces aria-hidden />}
        </IconButton>
      </div>
      {isRaw ? <RawStep step={step} /> : <StepSections run={run} step={step} view={view} now={now} />}
    </div>
  );
}

function StepSections({ run, step, view, now }: StepDetailsProps) {
  const failures = step.attempts.filter((attempt) => attempt.error !== null).length;
  return (
    <>
      <DoubtCard run={run} step={step} />
      {step.error !== null && (
        <ErrorCard
          error={step.error}
          runId={run.id}
          flow={run.flow}
          nodeId={step.nodeId}
          connection={run.document.nodes.find(({ id }) => id === step.nodeId)?.connection}
          isOver={step.status !== 'waiting'}
        />
      )}
      <ReusedNote run={run} step={step} />
      <WaitNote runId={run.id} step={step} />
      <UndoNote document={run.document} step={step} steps={view.steps} />
      {step.approvalId !== null && <StepApproval id={step.approvalId} />}
      {step.calledRunId !== null && <CalledRun id={step.calledRunId} />}
      <LoopItems run={run} step={step} view={view} now={now} />
      <StepLogs lines={step.logs} />
      {step.status === 'skipped' ? (
        <p className="px-4 pb-4 text-sm text-muted-foreground">
          No path led here in this run, so the step was skipped.
        </p>
      ) : (
        <>
          <DetailSection title="Output" aside={<FollowedPorts ports={step.ports} />}>
            <RunValue run={run} of="step_output" step={step} value={step.output} label="output" />
          </DetailSection>
          <DetailSection title="Input">
            <RunValue run={run} of="step_input" step={step} value={step.input} label="input" />
          </DetailSection>
          <DetailSection
            title="Attempts"
            aside={failures > 0 ? `${failures} of ${step.attempts.length} failed` : undefined}
            startsOpen={step.attempts.length > 1}
          >
            <AttemptList attempts={step.attempts} waits={step.status === 'waiting'} />
          </DetailSection>
        </>
      )}
    </>
  );
}

/** The items of a loop. */
function LoopItems({ run, step, view, now }: StepDetailsProps) {
  if (!run.document.nodes.some(({ parent }) => parent === step.nodeId)) return null;
  const counts = view.counts?.loops.find(({ nodeId, key }) => nodeId === step.nodeId && key === step.key);
  return (
    <DetailSection title="Items" aside={counts?.items?.toLocaleString('en')}>
      <IterationList
        runId={run.id}
        place={{ loopId: step.nodeId, path: step.key }}
        counts={counts}
        now={now}
        onOpen={view.lookInto}
      />
    </DetailSection>
  );
}

function FollowedPorts({ ports }: { ports: readonly string[] }) {
  if (ports.length === 0) return null;
  return (
    <span className="flex items-center gap-1" title="The ports by which the run went on">
      {ports.map((port) => (
        <Badge key={port} tone="outline" className="font-mono">
          → {port}
        </Badge>
      ))}
    </span>
  );
}

function RawStep({ step }: { step: Step }) {
  const text = JSON.stringify(step, null, 2);
  const shown = limitText(text);
  return (
    <div className="px-4 pb-4">
      <CodeBlock code={shown.text} label="step as JSON" className="max-h-none" />
      {shown.isCut && (
        <p className="mt-2 flex items-center gap-2 text-xs text-muted-foreground">
          Only the beginning is shown.
          <CopyButton text={text} label="Copy all of it" showLabel />
        </p>
      )}
    </div>
  );
}
