'use client';

import { Pin, Play, Radio } from 'lucide-react';
import Link from 'next/link';

import { messageOf } from '#components/api/api-problem.ts';
import { useEditor, useEditorStore } from '#components/canvas/editor-context.tsx';
import { ALL_OF_IT, type CapturedEvent } from '#components/canvas/editor-store.ts';
import { useFlowSummary } from '#components/canvas/flow-calls.ts';
import { pinOfEvent } from '#components/canvas/test-input.ts';
import { useCountdown } from '#components/canvas/use-countdown.ts';
import { DialogProblem } from '#components/canvas/use-saved-draft.tsx';
import { Payload } from '#components/runs/payload.tsx';
import { useRight } from '#components/shell/rights.tsx';
import { Button } from '#components/ui/button.tsx';
import { CopyField } from '#components/ui/copy-field.tsx';
import { Spinner } from '#components/ui/spinner.tsx';
import { findOperation } from '#connectors/definitions.ts';
import type { Capture } from '#core/api/captures.ts';
import type { FlowDocument } from '#core/flow-document.ts';

import { useCapture, useEndCapture, useStartCapture } from './use-capture.ts';

/** Waits for the next event that is really sent to the flow, at the address that it always has, and makes it the test data. Nothing for flows that no event is sent to. */
export function CaptureEvent() {
  const document = useEditor((state) => state.document);
  const captured = useEditor((state) => state.captured);
  const { capture } = useCapture();
  const mayRun = useRight('run:start');
  if (!mayRun || !isDelivered(document)) return null;
  if (capture?.status === 'waiting') return <Waiting capture={capture} />;
  return (
    <div className="flex flex-col gap-3">
      {captured && <Captured captured={captured} document={document} />}
      {capture?.status === 'expired' && (
        <p role="status" className="text-sm text-muted-foreground">
          No event came in time.
        </p>
      )}
      <Start
        label={captured || capture?.status === 'expired' ? 'Wait for another' : 'Capture the next event'}
      />
    </div>
  );
}

function Start({ label }: { label: string }) {
  const start = useStartCapture();
  return (
    <>
      <div>
        <Button size="sm" loading={start.isPending} onClick={() => start.mutate()}>
          <Radio /> {label}
        </Button>
      </div>
      <DialogProblem text={start.error && messageOf(start.error)} />
    </>
  );
}

function Waiting({ capture }: { capture: Capture }) {
  const slug = useEditor((state) => state.document.slug);
  const { data: summary } = useFlowSummary(slug);
  const end = useEndCapture();
  const left = useCountdown(capture.expiresAt);
  const { hookUrl, refusal } = capture;
  return (
    <div className="flex flex-col gap-3 rounded-md border border-border bg-muted/40 p-3">
      <div data-lasting className="flex items-center gap-2 text-sm">
        <Spinner className="text-muted-foreground" />
        <span role="status" className="font-medium">
          Waiting for the next event
        </span>
        <span className="ml-auto text-xs text-muted-foreground tabular-nums">ends {left}</span>
      </div>
      {hookUrl !== null && <CopyField label="Send it to" text={hookUrl} copyLabel="Copy the address" />}
      {summary?.publishedVersion === null && (
        <p className="text-xs leading-4 text-muted-foreground">
          The flow is not published: whoever sends it is answered 410, and no run begins. It is captured all
          the same.
        </p>
      )}
      {refusal && (
        <p role="alert" className="text-sm break-words text-warning">
          A delivery came that the flow does not take ({refusal.status}): {refusal.message}
        </p>
      )}
      <div>
        <Button size="sm" onClick={() => end.mutate(capture.id)}>
          Cancel
        </Button>
      </div>
    </div>
  );
}

function Captured({ captured, document }: { captured: CapturedEvent; document: FlowDocument }) {
  const store = useEditorStore();
  const trigger = document.nodes.find(
    ({ type, version }) => store.catalog(type, version)?.kind === 'trigger',
  );
  const isDialogOpen = useEditor((state) => state.dialog === 'run');
  const pin = (nodeId: string) =>
    store.apply(
      { kind: 'set_pin', nodeId, output: pinOfEvent(document, store.catalog, captured.event) },
      { say: 'Event pinned' },
    );
  if (isDialogOpen)
    return (
      <p role="status" className="text-sm text-muted-foreground">
        This is the event that was captured.
      </p>
    );
  return (
    <div className="flex flex-col gap-2">
      <p role="status" className="text-sm">
        An event was captured. It is the test data now.
      </p>
      <Payload value={captured.event} label="captured event" />
      <div className="flex flex-wrap gap-2">
        <Button size="sm" onClick={() => store.setState({ dialog: 'run', runPart: ALL_OF_IT })}>
          <Play /> Test with it
        </Button>
        {trigger && !store.isReadOnly && (
          <Button size="sm" onClick={() => pin(trigger.id)}>
            <Pin /> Pin this event
          </Button>
        )}
        {captured.runId !== null && (
          <Button size="sm" nativeButton={false} render={<Link href={`/runs/${captured.runId}`} />}>
            Open its run
          </Button>
        )}
      </div>
    </div>
  );
}

const DELIVERED: readonly string[] = ['webhook', 'subscription', 'app_event'];

function isDelivered({ nodes }: FlowDocument): boolean {
  return nodes.some(({ type, version }) => {
    const operation = findOperation(type, version)?.operation;
    return operation?.kind === 'trigger' && DELIVERED.includes(operation.delivery);
  });
}
