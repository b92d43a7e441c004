'use client';

import { Play, SkipForward, TriangleAlert } from 'lucide-react';
import { memo, useDeferredValue } from 'react';

import { useEditor, useEditorStore } from '#components/canvas/editor-context.tsx';
import { nodeLook } from '#components/canvas/node-look.ts';
import { Section } from '#components/inspector/section.tsx';
import { Payload } from '#components/runs/payload.tsx';
import { useRight } from '#components/shell/rights.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import type { Run, Step } from '#core/api/runs.ts';
import type { FlowNode } from '#core/flow-document.ts';
import { pinsOfSet } from '#core/pins/pin-sets.ts';

import { CaptureEvent } from './capture-event.tsx';
import { openRunPart } from './open-run-part.ts';
import { PinPart } from './pin-part.tsx';
import { staleReason } from './stale-reason.ts';
import { useShownRun } from './use-shown-run.ts';

/** Of a node: running it, what came of it in the run that is shown, and what is pinned to it. */
export const NodeTestSection = memo(function NodeTestSection({ node }: { node: FlowNode }) {
  const run = useShownRun();
  const isPinned = useEditor((state) => Object.hasOwn(pinsOfSet(state.document, state.pinSet), node.id));
  const step = run?.steps.find(({ nodeId }) => nodeId === node.id);
  const isTrigger = nodeLook(node).tint === 'trigger';
  return (
    <Section title="Test" startsOpen aside={isPinned ? 'pinned' : undefined}>
      {isTrigger ? <CaptureEvent /> : <RunButtons node={node} />}
      {run && <Result node={node} run={run} step={step} />}
      <PinPart node={node} step={step} isTrigger={isTrigger} />
    </Section>
  );
});

function RunButtons({ node }: { node: FlowNode }) {
  const store = useEditorStore();
  if (!useRight('run:start')) return null;
  return (
    <div className="flex flex-wrap gap-2">
      <Button size="sm" onClick={() => openRunPart(store, 'only', node.id)}>
        <Play /> Run this step
      </Button>
      <Button size="sm" onClick={() => openRunPart(store, 'up_to', node.id)}>
        <SkipForward /> Run up to here
      </Button>
    </div>
  );
}

function Result({ node, run, step }: { node: FlowNode; run: Run; step: Step | undefined }) {
  const document = useDeferredValue(useEditor((state) => state.document));
  if (!step || step.status === 'skipped')
    return (
      <p className="text-sm text-muted-foreground">
        {run.finishedAt === null ? 'The run is not here yet.' : 'The run did not come this way.'}
      </p>
    );
  const stale = staleReason(document, run.document, node.id);
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <StatusBadge status={step.status} waitingFor={step.waitingFor} />
        {step.isPinned && <Badge tone="outline">Answered with its pin</Badge>}
        {stale !== null && (
          <span className="flex items-center gap-1 text-xs text-warning">
            <TriangleAlert aria-hidden className="size-3.5 shrink-0" /> {stale}
          </span>
        )}
      </div>
      {step.error && <p className="text-sm break-words text-danger">{step.error.message}</p>}
      {step.status === 'succeeded' && (
        <Payload value={step.output} label={`output of ${node.label || node.id}`} />
      )}
    </div>
  );
}
