'use client';

import { Archive, Play } from 'lucide-react';

import { Button } from '#components/ui/button.tsx';
import { Time } from '#components/ui/time.tsx';
import type { QuarantinedEvent } from '#core/api/drift.ts';

export interface QuarantinedRowProps {
  readonly event: QuarantinedEvent;
  readonly showsFlow: boolean;
  readonly mayAct: boolean;
  readonly isBusy: boolean;
  readonly onReplay: () => void;
  readonly onDiscard: () => void;
}

/** One event in quarantine: why, what it holds, and what can be done about it. */
export function QuarantinedRow({
  event,
  showsFlow,
  mayAct,
  isBusy,
  onReplay,
  onDiscard,
}: QuarantinedRowProps) {
  const { flow, flowName, receivedAt, bytes, dedupeKey, reasons, preview, canReplay, goesAt } = event;
  return (
    <li className="flex flex-wrap items-start justify-between gap-3 px-4 py-3">
      <div className="min-w-0 flex-1 basis-72">
        <p className="text-sm font-medium wrap-anywhere">
          {reasons.map(({ pointer, message }) => reasonText(pointer, message)).join(', ') ||
            'Not as expected'}
        </p>
        <p className="mt-0.5 text-xs text-muted-foreground">
          {showsFlow && `${flowName ?? flow}, `}
          <Time at={receivedAt} />, {bytes.toLocaleString('en')} bytes
          {dedupeKey !== null && `, key ${dedupeKey}`}
          {!canReplay && ', its flow is not published'}
          {goesAt !== null && (
            <>
              , to be removed <Time at={goesAt} upcoming /> unless somebody decides
            </>
          )}
        </p>
        {preview !== '' && (
          <details className="mt-1.5 text-xs">
            <summary className="w-fit cursor-pointer rounded-sm text-muted-foreground focus-ring hover:text-foreground">
              Body
            </summary>
            <pre
              tabIndex={0}
              aria-label="Body of the event"
              className="mt-1 max-h-60 overflow-auto rounded-md bg-muted p-2 font-mono whitespace-pre-wrap focus-ring wrap-anywhere"
            >
              {preview}
            </pre>
          </details>
        )}
      </div>
      {mayAct && (
        <div className="flex shrink-0 gap-2">
          <Button onClick={onDiscard}>
            <Archive aria-hidden />
            Discard…
          </Button>
          <Button onClick={onReplay} disabled={!canReplay || isBusy}>
            <Play aria-hidden />
            Replay
          </Button>
        </div>
      )}
    </li>
  );
}

/** A schema says it of a place; what was learned says the place itself. */
function reasonText(pointer: string, message: string): string {
  const field = pointer.slice(1).replaceAll('/', '.');
  return field === '' || message.includes(' is ') ? message : `${field} ${message}`;
}
